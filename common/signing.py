"""Secrets, digests and the signature on the doorbell's ring."""

from __future__ import annotations

import hashlib
import hmac
import secrets


class Secret(str):
    """A string whose value is never printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


def secrets_match(given: str, wanted: str) -> bool:
    """Constant-time comparison; an empty `wanted` never matches."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def fresh_code(nbytes: int = 16) -> str:
    """A random code of A-Z a-z 0-9 _ -, as deep links and secrets of the Bot API allow."""
    return secrets.token_urlsafe(nbytes)


def digest(text: str | bytes) -> str:
    """SHA-256 in hex, stored in place of a code that must be recognised but never read back."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


RING_WINDOW = 60  # seconds for which a signed ring is accepted


def sign_ring(secret: str, timestamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def ring_is_authentic(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether the ring was signed with our secret within the last minute, or the next one, since clocks differ."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > RING_WINDOW:
        return False
    return secrets_match(signature, sign_ring(secret, int(timestamp), body))
