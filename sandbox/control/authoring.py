"""What people write and send: texts, files, contacts, edits. Each becomes the update that Telegram would send."""

from dataclasses import asdict, dataclass, replace

from sandbox.api.texts import MAX_CAPTION, MAX_TEXT, detect_entities
from sandbox.errors import SandboxRefusal
from sandbox.telegram.bots import Bot
from sandbox.telegram.chats import Conversation, Message
from sandbox.telegram.media import CONTENT, KINDS, Details, kind_of_message, media_content, sticker_content
from sandbox.telegram.people import Person
from sandbox.telegram.pictures import picture_size
from sandbox.telegram.updates import Update
from sandbox.telegram.world import World
from sandbox.values import Json
from sandbox.voice.ogg import write_ogg
from sandbox.voice.webm import MAGIC, UnreadableRecording, read_webm

MAX_EMOJI = 16  # code points of the longest sequences
_ENTITIES = {"text": "entities", "caption": "caption_entities"}


@dataclass(frozen=True, slots=True)
class Location:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a person sends from their phone."""

    kind: str
    name: str
    content_type: str
    data: bytes
    caption: str = ""
    album: str = ""
    duration: int = 0


class Authoring:
    """Raises SandboxRefusal when Telegram's own app would not let the person do it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def send_text(
        self, bot: Bot, person: Person, text: str, chat_id: int | None = None, reply_to: int | None = None
    ) -> Json:
        """Send a text. Returns the update for the bot, without an update_id when the bot does not want messages."""
        if not text.strip() or len(text) > MAX_TEXT:
            raise SandboxRefusal(f"a message has 1 to {MAX_TEXT} characters")
        return self.send(bot, person, _words("text", text), chat_id, reply_to)

    def send(self, bot: Bot, person: Person, content: Json, chat_id: int | None, reply_to: int | None) -> Json:
        conversation = self._open(bot, person, chat_id)
        chat = self.world.chat_object(conversation.chat_id)
        head: Json = {
            "message_id": bot.new_message_id(),
            "from": person.as_user(),
            "chat": chat,
            "date": int(self.world.clock.wall()),
        }
        if reply_to is not None and (original := conversation.find(reply_to)):
            head["reply_to_message"] = {key: value for key, value in original.body.items() if key != "reply_to_message"}
        body = head | content
        self.world.post(bot, conversation, body, from_bot=False)
        return described({"message": body}, self.world.push_update(bot, {"message": body}))

    def edit_text(self, bot: Bot, person: Person, message_id: int, text: str, chat_id: int | None = None) -> Json:
        """Change the text of one's own message, or the caption of one's own file. The bot gets an edited_message."""
        conversation = self._open(bot, person, chat_id)
        message = self._own(conversation, person, message_id)
        name = "text" if "text" in message.body else "caption" if kind_of_message(message.body) else None
        if name is None:
            raise SandboxRefusal("this message has no words to change")
        least, most = (1, MAX_TEXT) if name == "text" else (0, MAX_CAPTION)
        if not least <= len(text.strip()) or len(text) > most:
            raise SandboxRefusal(f"a {'message' if least else 'caption'} has {least} to {most} characters")
        kept = {key: value for key, value in message.body.items() if key not in (name, _ENTITIES[name])}
        message.body = kept | _words(name, text) | {"edit_date": int(self.world.clock.wall())}
        message.edits += 1
        self.world.tell_message(bot, conversation, message)
        body = {"edited_message": message.body}
        return described(body, self.world.push_update(bot, body))

    def delete(self, bot: Bot, person: Person, message_id: int, chat_id: int | None = None) -> None:
        """Take a message out of the chat; in a group only one's own. Telegram does not tell the bot."""
        conversation = self._open(bot, person, chat_id)
        if conversation.chat_id < 0:
            self._own(conversation, person, message_id)
        message = self._present(conversation, message_id)
        message.deleted = True
        self.world.tell_message(bot, conversation, message)

    def forward(self, bot: Bot, person: Person, message_id: int, chat_id: int | None, to: int | None) -> Json:
        """Send a message of the chat on to the chat `to`, with where it came from (docs, MessageOriginUser)."""
        source = self._present(self._open(bot, person, chat_id), message_id).body
        origin = {"type": "user", "sender_user": source["from"], "date": source["date"]}
        content = {name: source[name] for name in CONTENT if name in source}
        return self.send(bot, person, {"forward_origin": source.get("forward_origin", origin)} | content, to, None)

    def _present(self, conversation: Conversation, message_id: int) -> Message:
        message = conversation.find(message_id)
        if message is None:
            raise SandboxRefusal(f"there is no message {message_id}", 404)
        return message

    def _own(self, conversation: Conversation, person: Person, message_id: int) -> Message:
        message = self._present(conversation, message_id)
        if message.from_bot or message.body["from"]["id"] != person.id:
            raise SandboxRefusal(f"message {message_id} is not of {person.first_name}", 409)
        return message

    def send_file(
        self, bot: Bot, person: Person, sent: SentFile, chat_id: int | None = None, reply_to: int | None = None
    ) -> Json:
        """Send a photo, document, voice note, video or piece of music; several with one `album` are an album."""
        if sent.kind not in KINDS:
            raise SandboxRefusal(f"a file is one of {', '.join(KINDS)}")
        if sent.kind == "photo" and picture_size(sent.data) is None:
            raise SandboxRefusal("that is no picture")
        if len(sent.caption) > MAX_CAPTION:
            raise SandboxRefusal(f"a caption has at most {MAX_CAPTION} characters")
        sent = _as_the_app_sends_it(sent)
        file = self.world.files.keep(sent.name, sent.content_type, sent.data)
        content = media_content(self.world.files, bot, sent.kind, file, Details(duration=sent.duration))
        content |= _words("caption", sent.caption)
        if sent.album:
            content["media_group_id"] = sent.album
        return self.send(bot, person, content, chat_id, reply_to)

    def share_contact(self, bot: Bot, person: Person, phone_number: str, chat_id: int | None = None) -> Json:
        """Send the person's own contact with their user_id, as a request_contact button does."""
        contact = {"phone_number": phone_number, "first_name": person.first_name, "user_id": person.id}
        return self.send(bot, person, {"contact": contact}, chat_id, None)

    def share_location(self, bot: Bot, person: Person, place: Location, chat_id: int | None = None) -> Json:
        if not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180):
            raise SandboxRefusal("a place has a latitude up to 90 and a longitude up to 180 degrees")
        return self.send(bot, person, {"location": asdict(place)}, chat_id, None)

    def send_sticker(self, bot: Bot, person: Person, emoji: str, chat_id: int | None = None) -> Json:
        """Send a sticker that stands for this emoji; its picture is empty."""
        if not 1 <= len(emoji) <= MAX_EMOJI:
            raise SandboxRefusal("a sticker stands for one emoji")
        return self.send(bot, person, sticker_content(self.world.files, bot, emoji), chat_id, None)

    def _open(self, bot: Bot, person: Person, chat_id: int | None) -> Conversation:
        if person.deactivated:
            raise SandboxRefusal(f"{person.first_name} has deleted the account", 409)
        conversation = bot.conversation(person.id if chat_id is None else chat_id)
        if conversation.chat_id > 0 and conversation.blocked:
            raise SandboxRefusal(f"{person.first_name} has blocked the bot; unblock first", 409)
        if conversation.chat_id > 0:
            conversation.started = True
        elif self.world.chat_object(conversation.chat_id) is None:
            raise SandboxRefusal(f"there is no chat {conversation.chat_id}", 404)
        return conversation


def described(body: Json, update: Update | None) -> Json:
    return ({"update_id": update.id} if update else {}) | body


def _words(name: str, text: str) -> Json:
    """A text or caption with the entities that Telegram finds in it; nothing for an empty one."""
    if not text:
        return {}
    return {name: text} | ({_ENTITIES[name]: found} if (found := detect_entities(text)) else {})


def _as_the_app_sends_it(sent: SentFile) -> SentFile:
    """A voice note is OGG with Opus (docs, sendVoice): what a browser recorded as WebM gets this form."""
    if sent.kind != "voice" or not sent.data.startswith(MAGIC):
        return sent
    try:
        recording = read_webm(sent.data)
        data = write_ogg(recording.head, recording.packets)
    except (UnreadableRecording, ValueError) as error:
        raise SandboxRefusal(f"the recording cannot become a voice note: {error}") from error
    return replace(sent, name="voice.oga", content_type="audio/ogg", data=data)
