"""The parameters of one call, whatever their encoding: JSON values and form strings read alike."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from sandbox.errors import bad_request

_INTEGER = re.compile(r"\s*(-?)0*([0-9]{1,19})")  # no more digits than are needed to see that it is too large


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    content_type: str
    data: bytes


class Parameters:
    """Typed reading with the server's own leniency (Client.cpp get_integer_arg, to_bool, json_decode)."""

    __slots__ = ("files", "values")

    def __init__(self, values: dict[str, Any], files: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def text(self, name: str) -> str:
        """The string, "" when missing; other JSON values as their JSON text."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        return "" if value is None else msgspec.json.encode(value).decode()

    def required(self, name: str) -> str:
        """Raise 400 when missing. Source: Client.cpp:12370."""
        value = self.text(name)
        if not value:
            raise bad_request(f'Parameter "{name}" is required')
        return value

    def integer(self, name: str, default: int = 0, low: int = -(2**31), high: int = 2**31 - 1) -> int:
        """Leading digits, else 0, clamped. Source: Client.cpp:12360 get_integer_arg."""
        value = self.values.get(name)
        if isinstance(value, int):
            return max(low, min(high, int(value)))
        text = self.text(name)
        if not text:
            return default
        match = _INTEGER.match(text)
        return max(low, min(high, int(match[1] + match[2]) if match else 0))

    def flag(self, name: str) -> bool:
        """Source: Client.cpp to_bool: true, yes and 1."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """The decoded value, None when missing; `what` is named in the 400 of an undecodable one."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError as error:
            raise bad_request(f"Can't parse {what} JSON object") from error
