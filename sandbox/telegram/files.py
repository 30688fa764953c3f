"""Files that were sent: identifiers per bot, and links that end (docs, File and getFile)."""

import base64
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from sandbox.telegram.bots import Bot

MAX_DOWNLOAD = 20 * 1024 * 1024  # docs, getFile
LINK_SECONDS = 3600.0  # docs, getFile: "guaranteed to be valid for at least 1 hour"
MAX_KEPT = 512 * 1024 * 1024  # the oldest files go first
_FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "video": "videos",
    "audio": "music",
    "sticker": "stickers",
}
_SUFFIXES = {"photo": ".jpg", "voice": ".oga", "video": ".mp4", "audio": ".mp3"}


@dataclass(slots=True)
class StoredFile:
    """`unique_id` is the same for every bot, and for the same file sent again."""

    unique_id: str
    number: int
    name: str
    content_type: str
    data: bytes


class Files:
    def __init__(self) -> None:
        self.stored: OrderedDict[str, StoredFile] = OrderedDict()
        self._bytes = 0
        self._links: dict[str, tuple[str, float]] = {}
        self._number = 0

    def keep(self, name: str, content_type: str, data: bytes) -> StoredFile:
        digest = hashlib.sha256(f"{name}\n{content_type}\n".encode() + data).digest()
        unique_id = base64.urlsafe_b64encode(b"\x01" + digest[:11]).decode()
        known = self.stored.get(unique_id)
        if known is not None:
            return known
        self._number += 1
        file = self.stored[unique_id] = StoredFile(unique_id, self._number, name, content_type, data)
        self._bytes += len(data)
        while self._bytes > MAX_KEPT and len(self.stored) > 1:
            self._bytes -= len(self.stored.popitem(last=False)[1].data)
        return file

    def restore(self, file: StoredFile) -> None:
        """Take back a file of an earlier run."""
        self.stored[file.unique_id] = file
        self._bytes += len(file.data)
        self._number = max(self._number, file.number)

    def file_id(self, bot: Bot, file: StoredFile, kind: str) -> str:
        """The id with which this bot may use the file again; useless to any other bot."""
        plain = f"{kind}:{file.unique_id}"
        sign = hashlib.sha256(f"{bot.key}{plain}".encode()).hexdigest()[:8]
        return base64.urlsafe_b64encode(f"{plain}:{sign}:sandbox-of-a-telegram-file".encode()).decode().rstrip("=")

    def find(self, bot: Bot, file_id: str) -> tuple[StoredFile, str] | None:
        """The file and its kind; None for an unknown id or another bot's."""
        try:
            padded = file_id + "=" * (-len(file_id) % 4)
            kind, unique_id, _ = base64.urlsafe_b64decode(padded).decode().split(":", 2)
        except (ValueError, UnicodeDecodeError):
            return None
        file = self.stored.get(unique_id)
        return (file, kind) if file is not None and self.file_id(bot, file, kind) == file_id else None

    def link(self, bot: Bot, file: StoredFile, kind: str, now: float) -> str:
        """A file_path that is good for an hour."""
        suffix = "." + file.name.rpartition(".")[2] if "." in file.name else _SUFFIXES.get(kind, "")
        path = f"{_FOLDERS.get(kind, 'documents')}/file_{file.number}{suffix}"
        self._links[f"{bot.id}/{path}"] = (file.unique_id, now + LINK_SECONDS)
        return path

    def open(self, bot: Bot, path: str, now: float) -> StoredFile | None:
        unique_id, ends_at = self._links.get(f"{bot.id}/{path}", ("", 0.0))
        return self.stored.get(unique_id) if now <= ends_at else None


def album_id() -> str:
    """A media_group_id."""
    return str(secrets.randbits(53) | 1 << 52)
