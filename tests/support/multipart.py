"""A form with a file in it, as a browser sends it (RFC 7578)."""

from __future__ import annotations

from collections.abc import Mapping

BOUNDARY = "----felix-hub-tests"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def form(fields: Mapping[str, str], name: str, body: bytes, filename: str, media_type: str = "image/jpeg") -> bytes:
    """The body of a request of this `CONTENT_TYPE`."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {media_type}'
    return b"".join([*parts, f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), body, f"\r\n--{BOUNDARY}--\r\n".encode()])
