"""sendMessage and sendChatAction."""

from sandbox import errors
from sandbox.api.call import Call
from sandbox.api.keyboards import read_markup
from sandbox.api.texts import read_text
from sandbox.errors import bad_request
from sandbox.telegram.chats import Conversation
from sandbox.values import Json

# Client.cpp get_chat_action
_ACTIONS = frozenset(
    {
        "cancel",
        "typing",
        "record_video",
        "upload_video",
        "record_audio",
        "record_voice",
        "upload_audio",
        "upload_voice",
        "upload_photo",
        "upload_document",
        "choose_sticker",
        "pick_up_location",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(call: Call) -> Json:
    text, entities = read_text(call.parameters)
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return send(call, content)


def send(call: Call, content: Json) -> Json:
    return send_all(call, [content])[0]


def send_all(call: Call, contents: list[Json]) -> list[Json]:
    """Post each of `contents` as the bot's message: markup, reply, chat, limits, in the server's order of checks."""
    markup = read_markup(call.parameters)
    reply = _read_reply(call)
    conversation, chat = call.writable_chat()
    head: Json = {"message_id": 0, "from": call.bot.as_user(), "chat": chat, "date": call.date()}
    if reply is not None:
        _attach_reply(head, conversation, reply)
    if call.parameters.flag("protect_content"):
        head["has_protected_content"] = True
    call.pay_limit(chat["id"])
    return [_post(call, conversation, head | content, markup) for content in contents]


def _post(call: Call, conversation: Conversation, body: Json, markup: Json | None) -> Json:
    body["message_id"] = call.bot.new_message_id()
    _attach_markup(body, conversation, markup)
    call.world.post(call.bot, conversation, body, from_bot=True, silent=call.parameters.flag("disable_notification"))
    return body


def _read_reply(call: Call) -> Json | None:
    """reply_parameters, or the older reply_to_message_id (Client.cpp:9380-9420)."""
    if not call.parameters.text("reply_parameters"):
        number = call.parameters.integer("reply_to_message_id")
        lenient = call.parameters.flag("allow_sending_without_reply")
        return {"message_id": number, "allow_sending_without_reply": lenient} if number else None
    reply = call.parameters.json("reply_parameters", "reply parameters")
    if not isinstance(reply, dict):
        raise bad_request("Object expected as reply parameters")
    if reply and not isinstance(reply.get("message_id"), int):
        raise bad_request('Can\'t find field "message_id"')
    return reply or None


def _attach_reply(head: Json, conversation: Conversation, reply: Json) -> None:
    original = conversation.find(reply["message_id"])
    if original is not None:
        hidden = ("reply_to_message", "reply_markup")
        head["reply_to_message"] = {key: value for key, value in original.body.items() if key not in hidden}
    elif not reply.get("allow_sending_without_reply"):
        raise bad_request(errors.REPLY_NOT_FOUND)


def _attach_markup(body: Json, conversation: Conversation, markup: Json | None) -> None:
    """Inline keyboards belong to the message, the others to the chat."""
    if markup is None:
        return
    if "inline_keyboard" in markup:
        body["reply_markup"] = markup
    elif markup.get("remove_keyboard"):
        conversation.reply_keyboard = None
    else:
        conversation.reply_keyboard = markup


def send_chat_action(call: Call) -> bool:
    if call.parameters.text("action").lower() not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")  # Client.cpp:13446
    conversation, _ = call.writable_chat()
    call.world.hub.tell(
        "action", bot=call.bot.username, chat=conversation.chat_id, action=call.parameters.text("action").lower()
    )
    return True
