"""One call of a method, and the checks that many methods share."""

from dataclasses import dataclass
from typing import Any

from sandbox import errors
from sandbox.api.parameters import Parameters
from sandbox.errors import ApiError, bad_request, forbidden, too_many_requests
from sandbox.telegram.bots import Bot
from sandbox.telegram.chats import Conversation, Message
from sandbox.telegram.world import World
from sandbox.values import Json


@dataclass(frozen=True, slots=True)
class Described:
    """A result that comes with a description, as setWebhook's does."""

    result: Any
    description: str


@dataclass(slots=True)
class Call:
    world: World
    bot: Bot
    method: str
    parameters: Parameters

    def chat_id(self) -> int | None:
        """The chat named by the call, None when it is missing or unreadable; for fault scripts and the journal."""
        value = self.parameters.values.get("chat_id")
        try:
            return None if value is None else int(value)
        except (TypeError, ValueError):
            return None

    def known_chat(self) -> Json:
        """The Chat object. Raises 400 for a missing, unknown or migrated chat (Client.cpp:8120-8205)."""
        if not self.parameters.text("chat_id"):
            raise bad_request(errors.CHAT_ID_EMPTY)
        chat_id = self.chat_id()
        chat = None if chat_id is None else self.world.chat_object(chat_id)
        if chat is None:
            raise bad_request(errors.CHAT_NOT_FOUND)
        return chat

    def writable_chat(self) -> tuple[Conversation, Json]:
        """The conversation and its Chat. Raises Telegram's 403 or 400 when the bot may not write there."""
        chat = self.known_chat()
        conversation = self.bot.conversation(chat["id"])
        refusal = self._refusal(conversation)
        if refusal is not None:
            raise refusal
        return conversation, chat

    def _refusal(self, conversation: Conversation) -> ApiError | None:
        person = self.world.people.get(conversation.chat_id)
        if person is None:
            group = self.world.groups[conversation.chat_id]
            if group.migrated_to is not None:
                return bad_request(errors.MIGRATED, {"migrate_to_chat_id": group.migrated_to})
            return forbidden(errors.KICKED.format(group.type)) if conversation.blocked else None
        if person.deactivated:
            return forbidden(errors.DEACTIVATED)
        if conversation.blocked:
            return forbidden(errors.BLOCKED)
        return None if conversation.started else forbidden(errors.CANNOT_INITIATE)

    def pay_limit(self, chat_id: int) -> None:
        """Count one message against the limits. Raises 429."""
        if not self.world.limits:
            return
        retry_after = self.bot.flood.admit(chat_id, self.world.clock.wall())
        if retry_after:
            raise too_many_requests(retry_after)

    def message(self, conversation: Conversation, missing: str) -> Message:
        """The message named by message_id. Raises 400 with the text `missing`."""
        found = conversation.find(self.parameters.integer("message_id"))
        if found is None:
            raise bad_request(missing)
        return found

    def date(self) -> int:
        return int(self.world.clock.wall())
