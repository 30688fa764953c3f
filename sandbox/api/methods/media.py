"""sendPhoto, sendDocument, sendVoice, sendVideo, sendAudio, sendMediaGroup, getFile."""

from typing import Any

from sandbox.api.call import Call
from sandbox.api.methods.input_files import check_photo, details_of, read_file
from sandbox.api.methods.sending import send, send_all
from sandbox.api.parameters import Parameters
from sandbox.api.texts import read_caption
from sandbox.errors import bad_request
from sandbox.telegram.files import MAX_DOWNLOAD, album_id
from sandbox.telegram.media import ALBUM_KINDS, media_content
from sandbox.values import Json

MAX_ALBUM = 10  # docs, sendMediaGroup


def send_photo(call: Call) -> Json:
    return _send_one(call, "photo")


def send_document(call: Call) -> Json:
    return _send_one(call, "document")


def send_voice(call: Call) -> Json:
    return _send_one(call, "voice")


def send_video(call: Call) -> Json:
    return _send_one(call, "video")


def send_audio(call: Call) -> Json:
    return _send_one(call, "audio")


def _send_one(call: Call, kind: str) -> Json:
    return send(call, content_of(call, kind, kind, call.parameters))


def content_of(call: Call, kind: str, field: str, values: Parameters) -> Json:
    """File and caption as fields of Message; `values` is the call's own parameters or one InputMedia."""
    file = read_file(call, kind, field, values.text(field))
    if kind == "photo":
        check_photo(file)
    return media_content(call.world.files, call.bot, kind, file, details_of(values)) | read_caption(values)


def input_media(call: Call, given: Any) -> tuple[str, Json]:
    """Kind and fields of one InputMedia. Source: Client.cpp:11666-11803."""
    if not isinstance(given, dict):
        raise bad_request("Can't parse InputMedia: expected an Object")
    kind = given.get("type")
    if kind not in ALBUM_KINDS:
        raise bad_request("Can't parse InputMedia: invalid type specified")
    media = str(given.get("media") or "")
    if not media or (media.startswith("attach://") and media[9:] not in call.parameters.files):
        raise bad_request("Can't parse InputMedia: media not found")
    return kind, content_of(call, kind, "media", Parameters(given, call.parameters.files))


def send_media_group(call: Call) -> list[Json]:
    """2 to 10 files as one album; documents and music do not mix with others (docs)."""
    call.parameters.required("media")
    given = call.parameters.json("media", "media")
    if not isinstance(given, list):
        raise bad_request("Expected an Array of InputMedia")  # Client.cpp:11856
    if not given:
        raise bad_request("There are no messages to send")  # td/telegram/MessageContent.cpp:5332
    if len(given) > MAX_ALBUM:
        raise bad_request("Too many messages to send as an album")  # td/telegram/MessageContent.cpp:5329
    contents = [input_media(call, one) for one in given]
    kinds = {kind for kind, _ in contents}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad_request("Can't use the media of the specified type in the album")  # Client.cpp:118-119
    album = {"media_group_id": album_id()} if len(contents) > 1 else {}
    return send_all(call, [content | album for _, content in contents])


def get_file(call: Call) -> Json:
    """A link for an hour, for files up to 20 MB. Source: Client.cpp:8707-8719, 15817."""
    if not call.parameters.text("file_id"):
        raise bad_request("file_id not specified")  # Client.cpp:8366
    found = call.world.files.find(call.bot, call.parameters.text("file_id"))
    if found is None:
        raise bad_request("invalid file_id")  # Client.cpp:6857
    file, kind = found
    if len(file.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": call.parameters.text("file_id"),
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": call.world.files.link(call.bot, file, kind, call.world.clock.wall()),
    }
