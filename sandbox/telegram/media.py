"""Photos, documents, voice notes, videos and music as content of a message."""

from dataclasses import dataclass

from sandbox.telegram.bots import Bot
from sandbox.telegram.files import Files, StoredFile
from sandbox.telegram.pictures import Size, grey_png, picture_size
from sandbox.values import Json

KINDS = ("photo", "document", "voice", "video", "audio")
# The fields of Message that a copy takes along.
CONTENT = ("text", "entities", "caption", "caption_entities", "contact", "location", "sticker", *KINDS)
EMPTY_WEBP = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")
THUMBNAIL = 90  # pixels of the longer side; seen: the size "s" or "m" of every photo
ALBUM_KINDS = ("photo", "video", "document", "audio")


@dataclass(frozen=True, slots=True)
class Details:
    """The sender's details of a file, besides its bytes."""

    duration: int = 0
    width: int = 0
    height: int = 0
    title: str = ""
    performer: str = ""


def media_content(files: Files, bot: Bot, kind: str, file: StoredFile, details: Details) -> Json:
    """The fields of Message for this file (docs, PhotoSize, Document, Voice, Video, Audio)."""
    stored = _stored(files, bot, kind, file)
    if kind == "photo":
        size = picture_size(file.data) or Size(details.width, details.height)
        return {"photo": [*_thumbnail(files, bot, file, size), stored | size._asdict()]}
    described: Json = {"mime_type": file.content_type}
    if kind in ("document", "video", "audio"):
        described["file_name"] = file.name
    if kind == "video":
        described |= {"width": details.width or 640, "height": details.height or 360}
    if kind in ("voice", "video", "audio"):
        described["duration"] = details.duration
    if kind == "audio":
        described |= {name: value for name in ("title", "performer") if (value := getattr(details, name))}
    return {kind: described | stored}


def sticker_content(files: Files, bot: Bot, emoji: str) -> Json:
    """The fields of Message for a sticker with an empty picture (docs, Sticker)."""
    stored = _stored(files, bot, "sticker", files.keep("sticker.webp", "image/webp", EMPTY_WEBP))
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": shape | {"emoji": emoji} | stored}


def _stored(files: Files, bot: Bot, kind: str, file: StoredFile) -> Json:
    return {
        "file_id": files.file_id(bot, file, kind),
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
    }


def _thumbnail(files: Files, bot: Bot, file: StoredFile, size: Size) -> list[Json]:
    """The smaller size that comes first (docs, Message.photo). It is grey, so a mix-up with the picture shows."""
    if max(size) <= THUMBNAIL:
        return []
    small = Size(*(max(1, side * THUMBNAIL // max(size)) for side in size))
    kept = files.keep(f"{file.unique_id}.png", "image/png", grey_png(small))
    return [_stored(files, bot, "photo", kept) | small._asdict()]


def kind_of_message(body: Json) -> str | None:
    """The kind of file in a message, None for text."""
    return next((kind for kind in KINDS if kind in body), None)


def media_view(body: Json) -> Json | None:
    """The file's data for the chat page."""
    kind = kind_of_message(body)
    if kind is None:
        return None
    file = body["photo"][-1] if kind == "photo" else body[kind]
    shown = {"kind": kind, "file": file["file_unique_id"], "size": file["file_size"]}
    names = {"file_name": "name", "mime_type": "type", "width": "width", "height": "height", "duration": "duration"}
    return shown | {short: file[name] for name, short in names.items() if name in file}
