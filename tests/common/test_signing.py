"""Secrets, digests, and the signature of a ring."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from common.signing import RING_WINDOW, Secret, digest, fresh_code, ring_is_authentic, secrets_match, sign_ring

SECRET = "Zr7Qm2xVbK9sLp4TnWc8dHy3"
NOW = 1_800_000_000


def test_a_secret_does_not_show_itself_but_is_the_text_it_holds() -> None:
    assert repr(Secret("hunter2")) == "<secret>"
    assert "hunter2" not in repr([Secret("hunter2")])
    assert Secret("hunter2") == "hunter2"


def test_nothing_is_the_same_as_no_secret() -> None:
    assert secrets_match("a", "a")
    assert not secrets_match("a", "b")
    assert not secrets_match("", "")
    assert not secrets_match("ключ", "a")


def test_a_fresh_code_fits_a_deep_link_and_never_repeats() -> None:
    codes = {fresh_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) <= 64 and set(code) <= set(LINK) for code in codes)


LINK = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def test_a_digest_is_the_same_for_text_and_bytes() -> None:
    assert digest("код") == digest("код".encode())
    assert len(digest("")) == 64


def test_a_ring_of_now_is_authentic() -> None:
    assert ring_is_authentic(SECRET, str(NOW), sign_ring(SECRET, NOW, b""), b"", NOW)


def test_a_ring_is_believed_for_a_minute_either_way() -> None:
    signature = sign_ring(SECRET, NOW, b"")
    assert ring_is_authentic(SECRET, str(NOW), signature, b"", NOW + RING_WINDOW)
    assert not ring_is_authentic(SECRET, str(NOW), signature, b"", NOW + RING_WINDOW + 1)
    assert not ring_is_authentic(SECRET, str(NOW), signature, b"", NOW - RING_WINDOW - 1)


def test_a_ring_with_another_body_secret_or_time_is_not() -> None:
    signature = sign_ring(SECRET, NOW, b"")
    assert not ring_is_authentic(SECRET, str(NOW), signature, b"x", NOW)
    assert not ring_is_authentic(SECRET[::-1], str(NOW), signature, b"", NOW)
    assert not ring_is_authentic(SECRET, str(NOW + 1), signature, b"", NOW)
    assert not ring_is_authentic("", str(NOW), signature, b"", NOW)


@given(timestamp=st.text(), signature=st.text(), body=st.binary())
def test_no_forged_ring_is_authentic_and_none_raises(timestamp: str, signature: str, body: bytes) -> None:
    assert not ring_is_authentic(SECRET, timestamp, signature, body, NOW)
