"""The files that a call uploads or names."""

from sandbox.api.call import Call
from sandbox.api.parameters import Parameters
from sandbox.errors import bad_request
from sandbox.telegram.files import StoredFile
from sandbox.telegram.media import Details
from sandbox.telegram.pictures import picture_size

MAX_PHOTO = 10 * 1024 * 1024  # docs, sendPhoto
MAX_SIDES = 10_000  # docs, sendPhoto: width and height together
MAX_RATIO = 20  # docs, sendPhoto
# td/telegram/files/FileType.cpp:258
_TYPES = {"photo": "Photo", "document": "Document", "voice": "VoiceNote", "video": "Video", "audio": "Audio"}
# td/telegram/MessagesManager.cpp:27975
WRONG_FILE = "Wrong file identifier/HTTP URL specified"
# Client.cpp:114-115, from WEBPAGE_CURL_FAILED; the emulator fetches nothing from anywhere
URL_FAILED = "Failed to get HTTP URL content"


def read_file(call: Call, kind: str, field: str, value: str) -> StoredFile:
    """The file named by a parameter: uploaded with the call, attached under a name, or known by its file_id."""
    name = value.removeprefix("attach://") if value.startswith("attach://") else field
    upload = call.parameters.files.get(name)
    if upload is not None:
        return call.world.files.keep(upload.name, upload.content_type, upload.data)
    if not value or value.startswith("attach://"):
        raise bad_request(f"There is no {kind} in the request")  # Client.cpp:12903-13040
    if value.startswith(("http://", "https://")):
        raise bad_request(URL_FAILED)
    found = call.world.files.find(call.bot, value)
    if found is None:
        raise bad_request(WRONG_FILE)
    file, was = found
    if (was == "photo") != (kind == "photo"):  # td FileManager.cpp:4038-4044; the other kinds stand in for each other
        raise bad_request(f"Can't use file of type {_TYPES[was]} as {_TYPES[kind]}")
    return file


def details_of(values: Parameters) -> Details:
    return Details(
        values.integer("duration"),
        values.integer("width"),
        values.integer("height"),
        values.text("title"),
        values.text("performer"),
    )


def check_photo(file: StoredFile) -> None:
    """Raises 400 for a file that Telegram does not accept as a photo."""
    if len(file.data) > MAX_PHOTO:
        raise bad_request("Size of the photo is too big")  # td/telegram/PhotoSize.cpp:437
    size = picture_size(file.data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")  # seen
    long, short = max(size), min(size)
    if size.width + size.height > MAX_SIDES or long > MAX_RATIO * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")  # seen
