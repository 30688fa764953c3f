"""Messages as the control API and the chat page show them."""

from sandbox.telegram.chats import Message
from sandbox.telegram.media import media_view
from sandbox.values import Json

_KEPT = ("media_group_id", "contact", "location")
_BUTTON = ("url", "style", "copy_text")


def message_view(message: Message) -> Json:
    body = message.body
    view: Json = {
        "message_id": body["message_id"],
        "from_bot": message.from_bot,
        "from": _sender(body),
        "text": body.get("text", body.get("caption", "")),
        "entities": body.get("entities", body.get("caption_entities", [])),
        "keyboard": [[_button(button) for button in row] for row in message.keyboard()],
        "edited": message.edits > 0,
        "edits": message.edits,
        "deleted": message.deleted,
        "silent": message.silent,
        "date": body["date"],
        "edit_date": body.get("edit_date"),
    }
    view |= {name: body[name] for name in _KEPT if name in body}
    if (media := media_view(body)) is not None:
        view["media"] = media
    if "sticker" in body:
        view["sticker"] = body["sticker"]["emoji"]
    if "forward_origin" in body:
        view["forwarded_from"] = body["forward_origin"]["sender_user"]["first_name"]
    if message.opens_link:
        view["opens_link"] = True
    if "reply_to_message" in body:
        view["reply_to_message_id"] = body["reply_to_message"]["message_id"]
    return view


def _sender(body: Json) -> Json:
    """Who wrote it; nobody is known of a message that was sent via the bot."""
    sender = body.get("from", {})
    return {name: sender[name] for name in ("id", "first_name") if name in sender}


def _button(button: Json) -> Json:
    shown = {"text": button["text"], "data": button.get("callback_data")}
    return shown | {name: button[name] for name in _BUTTON if name in button}
