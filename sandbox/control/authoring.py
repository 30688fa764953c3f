"""What people write and send: texts, files, contacts, edits. Each becomes the update that Telegram would send."""

from dataclasses import dataclass, replace

from sandbox.api.texts import MAX_CAPTION, MAX_TEXT, detect_entities
from sandbox.errors import SandboxRefusal
from sandbox.telegram.bots import Bot
from sandbox.telegram.chats import Conversation
from sandbox.telegram.media import KINDS, Details, media_content
from sandbox.telegram.people import Person
from sandbox.telegram.pictures import picture_size
from sandbox.telegram.updates import Update
from sandbox.telegram.world import World
from sandbox.values import Json
from sandbox.voice.ogg import write_ogg
from sandbox.voice.webm import MAGIC, UnreadableRecording, read_webm


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
        content: Json = {"text": text}
        if entities := detect_entities(text):
            content["entities"] = entities
        return self.send(bot, person, content, chat_id, reply_to)

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

    def edit_text(self, bot: Bot, person: Person, message_id: int, text: str) -> Json:
        """Change one's own message. The bot gets an edited_message."""
        conversation = self._open(bot, person, None)
        message = conversation.find(message_id)
        if message is None or message.from_bot or "text" not in message.body:
            raise SandboxRefusal(f"there is no text {message_id} of {person.first_name}", 404)
        if not text.strip() or len(text) > MAX_TEXT:
            raise SandboxRefusal(f"a message has 1 to {MAX_TEXT} characters")
        kept = {name: value for name, value in message.body.items() if name != "entities"}
        entities = {"entities": found} if (found := detect_entities(text)) else {}
        message.body = kept | {"text": text, "edit_date": int(self.world.clock.wall())} | entities
        message.edits += 1
        self.world.tell_message(bot, conversation, message)
        body = {"edited_message": message.body}
        return described(body, self.world.push_update(bot, body))

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
        if sent.caption:
            content["caption"] = sent.caption
            content |= {"caption_entities": found} if (found := detect_entities(sent.caption)) else {}
        if sent.album:
            content["media_group_id"] = sent.album
        return self.send(bot, person, content, chat_id, reply_to)

    def share_contact(self, bot: Bot, person: Person, phone_number: str) -> Json:
        """Send the person's own contact with their user_id, as a request_contact button does."""
        contact = {"phone_number": phone_number, "first_name": person.first_name, "user_id": person.id}
        return self.send(bot, person, {"contact": contact}, None, None)

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
