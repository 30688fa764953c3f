"""People's actions besides writing: start, press, block. Each becomes the update that Telegram would send."""

import secrets

from sandbox.control.authoring import Authoring, described
from sandbox.errors import SandboxRefusal
from sandbox.telegram.bots import Bot, Press
from sandbox.telegram.chats import Conversation, Message
from sandbox.telegram.people import Person
from sandbox.values import Json


class Acting(Authoring):
    """Raises SandboxRefusal when Telegram's own app would not let the person do it."""

    def start(self, bot: Bot, person: Person, payload: str = "") -> Json:
        """Press Start, with the payload of a deep link. Authoring to a blocked bot unblocks it first."""
        conversation = bot.conversation(person.id)
        if conversation.blocked:
            self.unblock(bot, person)
        conversation.started, conversation.payload = True, None
        update = self.send_text(bot, person, f"/start {payload}".strip())
        message = conversation.find(update["message"]["message_id"])
        if payload and message is not None:
            message.opens_link = True
            self.world.tell_message(bot, conversation, message)
        return update

    def send_via(self, bot: Bot, person: Person, text: str, keyboard: list[list[Json]]) -> str:
        """Put a message of the bot into another chat, as inline mode does. Returns its inline_message_id.

        The bot gets no other data of the message (docs, editMessageText.inline_message_id).
        """
        number = secrets.token_urlsafe(18)
        body = {"message_id": 0, "text": text, "date": int(self.world.clock.wall())}
        markup = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        bot.inline[number] = Message(body | markup, from_bot=True)
        self.world.hub.tell("inline", bot=bot.username, inline_message_id=number)
        return number

    def press_via(self, bot: Bot, person: Person, number: str, data: str | None, text: str | None) -> Press:
        """Press a button of a message that was sent via the bot."""
        message = bot.inline.get(number)
        if message is None:
            raise SandboxRefusal(f"there is no inline message {number}", 404)
        press = Press(_query_id(), person.id, 0, 0, _button_data(message, data, text), self.world.clock.wall())
        press.inline_message_id = number
        return self._ask(bot, person, press, {"inline_message_id": number, "chat_instance": number})

    def press(
        self, bot: Bot, person: Person, message_id: int, data: str | None, text: str | None, chat_id: int | None = None
    ) -> Press:
        """Press the inline button with this data or text."""
        conversation = self._open(bot, person, chat_id)
        message = conversation.find(message_id)
        if message is None:
            raise SandboxRefusal(f"there is no message {message_id}", 404)
        return self._press(bot, person, conversation, message, _button_data(message, data, text))

    def press_stale(self, bot: Bot, person: Person, message_id: int, data: str, chat_id: int | None = None) -> Press:
        """Press a button that the message no longer has: the client showed an old keyboard, or the data is forged."""
        conversation = self._open(bot, person, chat_id)
        message = conversation.messages.get(message_id)
        if message is None:
            raise SandboxRefusal(f"there is no message {message_id}", 404)
        return self._press(bot, person, conversation, message, data)

    def repress(self, bot: Bot, callback_query_id: str) -> Press:
        """Repeat a press, as a client does that lost the answer: a new query in a new update (tdlib#699)."""
        old = bot.presses.get(callback_query_id)
        if old is None:
            raise SandboxRefusal(f"there is no callback query {callback_query_id}", 404)
        if old.inline_message_id:
            return self.press_via(bot, self.world.person(old.person_id), old.inline_message_id, old.data, None)
        conversation = bot.conversation(old.chat_id)
        message = conversation.messages.get(old.message_id)
        if message is None:
            raise SandboxRefusal(f"there is no message {old.message_id}", 404)
        return self._press(bot, self.world.person(old.person_id), conversation, message, old.data)

    def _press(self, bot: Bot, person: Person, conversation: Conversation, message: Message, data: str) -> Press:
        press = Press(_query_id(), person.id, conversation.chat_id, message.id, data, self.world.clock.wall())
        shown = message.body
        if message.deleted:  # docs, InaccessibleMessage
            shown = {"chat": shown["chat"], "message_id": message.id, "date": 0}
        return self._ask(bot, person, press, {"message": shown, "chat_instance": str(conversation.chat_id)})

    def _ask(self, bot: Bot, person: Person, press: Press, about: Json) -> Press:
        bot.remember(press)
        query = {"id": press.id, "from": person.as_user()} | about | {"data": press.data}
        update = self.world.push_update(bot, {"callback_query": query})
        press.update_id = update.id if update else 0
        self.world.hub.tell("press", bot=bot.username, chat=press.chat_id, press=press.view())
        return press

    def block(self, bot: Bot, person: Person) -> Json:
        return self._set_blocked(bot, person, True)

    def unblock(self, bot: Bot, person: Person) -> Json:
        return self._set_blocked(bot, person, False)

    def kick(self, bot: Bot, person: Person, group_id: int) -> Json:
        """Remove the bot from a group."""
        return self._set_blocked(bot, person, True, group_id)

    def readmit(self, bot: Bot, person: Person, group_id: int) -> Json:
        return self._set_blocked(bot, person, False, group_id)

    def _set_blocked(self, bot: Bot, person: Person, blocked: bool, group_id: int | None = None) -> Json:
        """In a private chat only this causes a my_chat_member (docs, Update)."""
        conversation = bot.conversation(person.id if group_id is None else group_id)
        chat = self.world.chat_object(conversation.chat_id)
        if chat is None:
            raise SandboxRefusal(f"there is no chat {conversation.chat_id}", 404)
        if conversation.blocked == blocked:
            return {}
        conversation.blocked = blocked
        member = {"user": bot.as_user(), "status": "member"}
        kicked = {"user": bot.as_user(), "status": "kicked", "until_date": 0}
        change = {
            "chat": chat,
            "from": person.as_user(),
            "date": int(self.world.clock.wall()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.world.hub.tell("person", id=person.id)
        return described({"my_chat_member": change}, self.world.push_update(bot, {"my_chat_member": change}))

    def deactivate(self, person: Person) -> None:
        """Delete the account, which can no longer be reached."""
        person.deactivated = True
        self.world.hub.tell("person", id=person.id)


def _query_id() -> str:
    return str(secrets.randbits(62) | 1 << 62)


def _button_data(message: Message, data: str | None, text: str | None) -> str:
    buttons = [button for row in message.keyboard() for button in row if "callback_data" in button]
    for button in buttons:
        if (data is not None and button["callback_data"] == data) or (data is None and button["text"] == text):
            return str(button["callback_data"])
    known = ", ".join(repr(button["text"]) for button in buttons) or "none"
    raise SandboxRefusal(f"message {message.id} has no button {data or text!r}; it has {known}", 404)
