"""editMessageText and editMessageReplyMarkup."""

from typing import Any

from sandbox import errors
from sandbox.call import Call
from sandbox.chats import Conversation, Message
from sandbox.errors import bad_request, forbidden
from sandbox.keyboards import read_markup
from sandbox.texts import read_text

_EDITED = ("text", "entities", "caption", "caption_entities", "reply_markup")


def edit_message_text(call: Call) -> dict[str, Any]:
    text, entities = read_text(call.parameters)
    content: dict[str, Any] = {"text": text}
    if entities:
        content["entities"] = entities
    return _edit(call, content)


def edit_message_reply_markup(call: Call) -> dict[str, Any]:
    return _edit(call, None)


def _edit(call: Call, content: dict[str, Any] | None) -> dict[str, Any]:
    """Change the message in place; `content` None keeps its text. A keyboard left out is taken away."""
    markup = read_markup(call.parameters)
    conversation, message = _editable(call)
    kept = message.body if content is None else content
    wanted = {name: kept[name] for name in _EDITED if name in kept and name != "reply_markup"}
    if markup and "inline_keyboard" in markup and markup["inline_keyboard"]:
        wanted["reply_markup"] = markup
    if wanted == {name: message.body[name] for name in _EDITED if name in message.body}:
        raise bad_request(errors.NOT_MODIFIED)
    call.pay_limit(conversation.chat_id)
    kept = {name: value for name, value in message.body.items() if name not in _EDITED}
    message.body = kept | wanted | {"edit_date": call.date()}
    message.edits += 1
    call.world.tell_message(call.bot, conversation, message)
    return message.body


def _editable(call: Call) -> tuple[Conversation, Message]:
    """The bot's own message. Editing needs no permission to write, but a living person (Client.cpp:8133)."""
    chat = call.known_chat()
    person = call.world.people.get(chat["id"])
    if person is not None and person.deactivated:
        raise forbidden(errors.DEACTIVATED)
    conversation = call.bot.conversation(chat["id"])
    if conversation.blocked:
        raise forbidden(errors.BLOCKED)
    message = call.message(conversation, errors.EDIT_NOT_FOUND)
    if not message.from_bot:
        raise bad_request(errors.NOT_EDITABLE)
    return conversation, message
