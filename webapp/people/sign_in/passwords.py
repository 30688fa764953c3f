"""Verifying passwords: a few at a time, because each verification needs much memory."""

from __future__ import annotations

import threading

from flask import abort

from common.people import logins

# 19 MiB each: more at once would fill a small machine's memory.
_verification_slots = threading.BoundedSemaphore(4)
VERIFY_WAIT = 5.0


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password matches its hash. At most a few are verified at a time; others wait."""
    if not _verification_slots.acquire(timeout=VERIFY_WAIT):
        abort(503)
    try:
        return logins.password_matches(password, password_hash)
    finally:
        _verification_slots.release()
