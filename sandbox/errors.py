"""The texts of the Bot API's refusals, each beside its source.

Sources: `Client.cpp` and friends are tdlib/telegram-bot-api at 01a3679 (version 10.0); files under `td/` are
tdlib/td at 022d602; "docs" is core.telegram.org/bots/api; "seen" is widely reported by bot authors.
"""

from sandbox.values import Json


class ApiError(Exception):
    """A refused call: `code` is both the HTTP status and `error_code`."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class SandboxRefusal(Exception):
    """A control request that cannot be done, with a sentence for the author of the test."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def bad_request(text: str, parameters: Json | None = None) -> ApiError:
    """400 with the server's prefix; the first letter is lowered unless the text is a code such as BUTTON_DATA_INVALID.

    Source: Client.cpp fail_query_with_error (lines 88-200).
    """
    lowered = text if text[1:2] == "_" or text[1:2].isupper() else text[:1].lower() + text[1:]
    return ApiError(400, f"Bad Request: {lowered}", parameters)


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    """Body parameters and, in the answer's head, Retry-After. Source: Query.cpp set_retry_after_error (line 111)."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


# HttpConnection.cpp:33, 42 (a path without a method)
NOT_FOUND = "Not Found"
# Client.cpp:12664
METHOD_NOT_FOUND = "Not Found: method not found"
# seen: the proxy in front of the Bot API
TOO_LARGE = "Request Entity Too Large"
# Client.cpp:16291 (a token that is not a bot's)
UNAUTHORIZED = "Unauthorized"
# Client.cpp:16288
LOGGED_OUT = "Logged out"
# ClientManager.cpp:76 (a token that cannot be one)
INVALID_TOKEN = "Unauthorized: invalid token specified"  # noqa: S105
# ClientManager.cpp:80 (no number before the colon)
UNALLOWED_TOKEN = "Misdirected Request: unallowed token specified"  # noqa: S105
# Client.cpp:15703
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
# Client.cpp:16229
TERMINATED_BY_SET_WEBHOOK = "terminated by setWebhook request"
# Client.cpp:16232
TERMINATED_BY_GET_UPDATES = "terminated by other getUpdates request; make sure that only one bot instance is running"
# Client.cpp:108-111, from MESSAGE_NOT_MODIFIED
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
# Client.cpp:146-148, from QUERY_ID_INVALID
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# Client.cpp:125-127, from USER_IS_BLOCKED
BLOCKED = "bot was blocked by the user"
# Client.cpp:8136
DEACTIVATED = "user is deactivated"
# td/telegram/MessagesManager.cpp:27957, from PEER_ID_INVALID
CANNOT_INITIATE = "bot can't initiate conversation with a user"
# Client.cpp:8155
MIGRATED = "group chat was upgraded to a supergroup chat"
# Client.cpp:8162, 8174
KICKED = "bot was kicked from the {} chat"
# Client.cpp:6571, 6596
CHAT_NOT_FOUND = "chat not found"
# Client.cpp:8201
CHAT_ID_EMPTY = "chat_id is empty"
# Client.cpp:11401
TEXT_EMPTY = "message text is empty"
# td/telegram/MessageEntity.cpp:4519, 4576 (nothing left after trimming or parsing)
TEXT_BLANK = "text must be non-empty"
# td/telegram/MessageContent.cpp:4759
TEXT_TOO_LONG = "message is too long"
# Client.cpp:11310 (more than 32768 bytes before parsing)
TEXT_HUGE = "text is too long"
# seen; the server's own code, kept as it is
BUTTON_DATA_INVALID = "BUTTON_DATA_INVALID"
# Client.cpp:121, from REPLY_MARKUP_TOO_LONG
MARKUP_TOO_LONG = "reply markup is too long"
# Client.cpp:8420 with "message to edit"
EDIT_NOT_FOUND = "message to edit not found"
# td/telegram/MessagesManager.cpp:23386
NOT_EDITABLE = "message can't be edited"
# Client.cpp:8420 with "message to delete"
DELETE_NOT_FOUND = "message to delete not found"
# td/telegram/MessagesManager.cpp:8504
NOT_DELETABLE = "message can't be deleted"
# Client.cpp:8516
REPLY_NOT_FOUND = "message to be replied not found"
