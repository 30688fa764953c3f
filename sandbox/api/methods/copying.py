"""copyMessage and forwardMessage."""

from sandbox.api.call import Call
from sandbox.api.methods.sending import send
from sandbox.api.parameters import Parameters
from sandbox.api.texts import read_caption
from sandbox.errors import bad_request
from sandbox.telegram.chats import Message
from sandbox.telegram.media import CONTENT
from sandbox.values import Json


def copy_message(call: Call) -> dict[str, int]:
    """Copy a message, with a new caption if one is given. Returns its MessageId."""
    source = _source(call, "message to copy not found")
    content = _content(source)
    if "caption" in call.parameters.values and "text" not in content:
        kept = {name: value for name, value in content.items() if not name.startswith("caption")}
        content = kept | read_caption(call.parameters)
    return {"message_id": send(call, content)["message_id"]}


def forward_message(call: Call) -> Json:
    source = _source(call, "message to forward not found")
    origin = {"type": "user", "sender_user": source.body["from"], "date": source.body["date"]}
    return send(call, _content(source) | {"forward_origin": origin})


def _content(source: Message) -> Json:
    return {name: source.body[name] for name in CONTENT if name in source.body}


def _source(call: Call, missing: str) -> Message:
    """The message in from_chat_id. Source: Client.cpp:13239-13252, 13319."""
    chat = call.parameters.required("from_chat_id")
    where = Call(call.world, call.bot, call.method, Parameters({"chat_id": chat}))
    message = call.bot.message(where.known_chat()["id"], call.parameters.integer("message_id"))
    if message is None:
        raise bad_request(missing)
    return message
