"""deleteMessage and deleteMessages."""

from typing import Any

from sandbox import errors
from sandbox.api.call import Call
from sandbox.errors import bad_request
from sandbox.telegram.chats import Conversation, Message

MAX_AT_ONCE = 100  # docs, deleteMessages
MAX_AGE = 48 * 3600  # docs, deleteMessage: "can only be deleted if it was sent less than 48 hours ago"


def delete_message(call: Call) -> bool:
    if not call.parameters.text("chat_id"):
        raise bad_request("Chat identifier is not specified")  # Client.cpp:13797
    if not call.parameters.integer("message_id"):
        raise bad_request("Message identifier is not specified")  # Client.cpp:13801
    conversation, _ = call.writable_chat()
    message = call.message(conversation, errors.DELETE_NOT_FOUND)
    if call.date() - message.body["date"] > MAX_AGE:
        raise bad_request(errors.NOT_DELETABLE)
    _delete(call, conversation, message)
    return True


def delete_messages(call: Call) -> bool:
    """Delete up to 100 messages; missing ones are skipped (docs, deleteMessages)."""
    numbers = _message_ids(call)
    conversation, _ = call.writable_chat()
    for number in numbers:
        message = conversation.find(number)
        if message is not None:
            _delete(call, conversation, message)
    return True


def _message_ids(call: Call) -> list[int]:
    """Source: Client.cpp:12403-12440 get_message_ids."""
    if not call.parameters.text("message_ids"):
        raise bad_request("Message identifiers are not specified")
    given = call.parameters.json("message_ids", "message_ids")
    if not isinstance(given, list):
        raise bad_request("Expected an Array of message identifiers")
    if len(given) > MAX_AT_ONCE:
        raise bad_request("Too many message identifiers specified")
    return [_message_id(one) for one in given]


def _message_id(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise bad_request("Message identifier must be a Number")
    try:
        number = int(str(given))
    except ValueError as error:
        raise bad_request("Can't parse message identifier as a Number") from error
    if number <= 0:
        raise bad_request("Invalid message identifier specified")
    return number


def _delete(call: Call, conversation: Conversation, message: Message) -> None:
    message.deleted = True
    call.world.tell_message(call.bot, conversation, message)
