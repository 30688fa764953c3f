"""editMessageText, editMessageCaption, editMessageMedia and editMessageReplyMarkup."""

from collections.abc import Callable

from sandbox import errors
from sandbox.api.call import Call
from sandbox.api.keyboards import read_markup
from sandbox.api.methods.media import input_media
from sandbox.api.texts import read_caption, read_text
from sandbox.errors import bad_request, forbidden
from sandbox.telegram.chats import Conversation, Message
from sandbox.telegram.media import KINDS, kind_of_message
from sandbox.values import Json

_TEXT = ("text", "entities")
_CAPTION = ("caption", "caption_entities")
Change = Callable[[Json], Json]
Edited = Json | bool  # the Message; True for one sent via the bot
_EDITED = (*_TEXT, *_CAPTION, *KINDS, "reply_markup")


def edit_message_text(call: Call) -> Edited:
    text, entities = read_text(call.parameters)
    content = {"text": text} | ({"entities": entities} if entities else {})
    return _edit(call, lambda body: content if "text" in body else _refuse("There is no text in the message to edit"))


def edit_message_caption(call: Call) -> Edited:
    """An empty caption removes it. Source of the refusal: td/telegram/MessagesManager.cpp:23687."""
    caption = read_caption(call.parameters)

    def change(body: Json) -> Json:
        if kind_of_message(body) is None:
            raise bad_request("There is no caption in the message to edit")
        return _only_fields(body, KINDS) | caption

    return _edit(call, change)


def edit_message_media(call: Call) -> Edited:
    """Replace the file. Source of the refusals: td/telegram/MessagesManager.cpp:23624-23642."""
    call.parameters.required("media")
    kind, content = input_media(call, call.parameters.json("media", "input media"))

    def change(body: Json) -> Json:
        if kind_of_message(body) is None and "text" not in body:
            raise bad_request("Message media can't be edited")
        if "media_group_id" in body and kind not in body:
            raise bad_request("Can't change media type in the album")
        return content

    return _edit(call, change)


def edit_message_reply_markup(call: Call) -> Edited:
    return _edit(call, lambda body: _only_fields(body, (*_TEXT, *_CAPTION, *KINDS)))


def _refuse(text: str) -> Json:
    raise bad_request(text)


def _only_fields(body: Json, names: tuple[str, ...]) -> Json:
    return {name: body[name] for name in names if name in body}


def _edit(call: Call, change: Change) -> Edited:
    """Put `change(old body)` in place of the content. A keyboard that is left out is removed."""
    markup = read_markup(call.parameters)
    if not call.parameters.text("chat_id") and not call.parameters.integer("message_id"):
        return _edit_inline(call, change, markup)
    conversation, message = _editable(call)
    wanted = _new_content(message, change, markup)
    call.pay_limit(conversation.chat_id)
    _replace_content(call, message, wanted)
    call.world.tell_message(call.bot, conversation, message)
    return message.body


def _edit_inline(call: Call, change: Change, markup: Json | None) -> bool:
    """Returns True and no Message. Sources: Client.cpp:12443, 13510-13520; td/telegram/InlineMessageManager.cpp:76."""
    number = call.parameters.text("inline_message_id")
    if not number:
        raise bad_request("Message identifier is not specified")
    message = call.bot.inline.get(number)
    if message is None:
        raise bad_request("Invalid inline message identifier specified")
    _replace_content(call, message, _new_content(message, change, markup))
    call.world.hub.tell("inline", bot=call.bot.username, inline_message_id=number)
    return True


def _new_content(message: Message, change: Change, markup: Json | None) -> Json:
    """The new content. Raises 400 when it is the old one."""
    wanted = dict(change(message.body))
    if markup and markup.get("inline_keyboard"):
        wanted["reply_markup"] = markup
    if wanted == _only_fields(message.body, _EDITED):
        raise bad_request(errors.NOT_MODIFIED)
    return wanted


def _replace_content(call: Call, message: Message, wanted: Json) -> None:
    kept = {name: value for name, value in message.body.items() if name not in _EDITED}
    message.body = kept | wanted | {"edit_date": call.date()}
    message.edits += 1


def _editable(call: Call) -> tuple[Conversation, Message]:
    """The bot's own message. Editing needs no permission to write, but a living person (Client.cpp:8133)."""
    chat = call.known_chat()
    person = call.world.people.get(chat["id"])
    if person is not None and person.deactivated:
        raise forbidden(errors.DEACTIVATED)
    conversation = call.bot.conversation(chat["id"])
    if conversation.blocked:
        raise forbidden(errors.BLOCKED if person else errors.KICKED.format(chat["type"]))
    message = call.message(conversation, errors.EDIT_NOT_FOUND)
    if not message.from_bot:
        raise bad_request(errors.NOT_EDITABLE)
    return conversation, message
