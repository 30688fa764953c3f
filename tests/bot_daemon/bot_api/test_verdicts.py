"""What an answer of the Bot API means for a message. Texts are the official server's (facts: Client.cpp)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.bot_api import verdicts
from bot_daemon.bot_api.client import Ambiguous, Answered, NotSent, call_outcome
from bot_daemon.bot_api.verdicts import (
    ChatMoved,
    GiveUp,
    MessageGone,
    SendVerdict,
    Sent,
    Snooze,
    TokenRefused,
    Unreachable,
    verdict_of,
)
from common.database.models import ReasonCode

SEND, EDIT, DELETE = "sendMessage", "editMessageText", "deleteMessage"


def refused(status: int, description: str, **parameters: Any) -> Answered:
    return Answered(status, False, None, description, **parameters)


def body(status: int, description: str, **parameters: object) -> bytes:
    answer = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return json.dumps(answer).encode()


OFFICIAL = [
    (403, "Forbidden: bot was blocked by the user", SEND, Unreachable(ReasonCode.BLOCKED)),
    (403, "Forbidden: user is deactivated", SEND, Unreachable(ReasonCode.DEACTIVATED)),
    (403, "Forbidden: bot can't initiate conversation with a user", SEND, Unreachable(ReasonCode.NOT_STARTED)),
    (403, "Forbidden: bot was kicked from the group chat", SEND, Unreachable(ReasonCode.KICKED)),
    (403, "Forbidden: bot was kicked from the supergroup chat", SEND, Unreachable(ReasonCode.KICKED)),
    (403, "Forbidden: bot is not a member of the channel chat", SEND, Unreachable(ReasonCode.KICKED)),
    (400, "Bad Request: chat not found", SEND, Unreachable(ReasonCode.NOT_FOUND)),
    (400, "Bad Request: PEER_ID_INVALID", SEND, Unreachable(ReasonCode.NOT_FOUND)),
    (400, "Bad Request: have no rights to send a message", SEND, Unreachable(ReasonCode.NO_RIGHTS)),
    (403, "Forbidden: the group chat was deleted", SEND, Unreachable(ReasonCode.NOT_FOUND)),
    (403, "Forbidden: bot was blocked by the user", EDIT, Unreachable(ReasonCode.BLOCKED)),
    (
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message",
        EDIT,
        Sent(detail="unchanged"),
    ),
    (400, "Bad Request: message to edit not found", EDIT, MessageGone()),
    (400, "Bad Request: message can't be edited", EDIT, MessageGone()),
    (400, "Bad Request: MESSAGE_ID_INVALID", EDIT, MessageGone()),
    (400, "Bad Request: message to delete not found", DELETE, Sent(detail="was gone")),
    (400, "Bad Request: message can't be deleted for everyone", DELETE, Sent(detail="was gone")),
    (400, "Bad Request: message identifier is not specified", DELETE, Sent(detail="was gone")),
    (400, "Bad Request: MESSAGE_ID_INVALID", DELETE, Sent(detail="was gone")),
    (401, "Unauthorized", SEND, TokenRefused()),
    (400, "Bad Request: message is too long", SEND, GiveUp("Bad Request: message is too long")),
    (400, "Bad Request: BUTTON_DATA_INVALID", SEND, GiveUp("Bad Request: BUTTON_DATA_INVALID")),
    (400, "Bad Request: can't parse entities: x", SEND, GiveUp("Bad Request: can't parse entities: x")),
    (404, "Not Found: method not found", SEND, GiveUp("Not Found: method not found")),
    (400, "Bad Request: a text nobody has seen yet", SEND, GiveUp("Bad Request: a text nobody has seen yet")),
]


@pytest.mark.parametrize(("status", "description", "method", "wanted"), OFFICIAL)
def test_each_official_text_has_its_verdict(status: int, description: str, method: str, wanted: SendVerdict) -> None:
    assert verdict_of(call_outcome(status, body(status, description)), method) == wanted


@pytest.mark.parametrize("words", [words for words, _ in verdicts.UNREACHABLE])
def test_every_text_of_the_table_is_proven_above(words: str) -> None:
    assert any(words in description.lower() for _, description, _, _ in OFFICIAL)


def test_a_new_message_is_sent_with_its_id() -> None:
    assert verdict_of(Answered(200, True, {"message_id": 77}, ""), SEND) == Sent(77)


def test_true_is_sent_without_an_id() -> None:
    assert verdict_of(Answered(200, True, True, ""), DELETE) == Sent(None)


def test_a_flood_says_how_long_to_wait() -> None:
    answer = body(429, "Too Many Requests: retry after 35", retry_after=35)

    assert verdict_of(call_outcome(429, answer), SEND) == Snooze(35.0)


def test_a_flood_without_a_number_waits_a_little() -> None:
    assert verdict_of(call_outcome(429, body(429, "Too Many Requests")), SEND) == Snooze(5.0)


def test_a_group_that_became_a_supergroup_says_where() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"

    assert verdict_of(call_outcome(400, body(400, text, migrate_to_chat_id=-100123)), SEND) == ChatMoved(-100123)


def test_a_message_that_never_was_an_edit_does_not_become_one_again() -> None:
    """Otherwise it would be sent again at once, and for ever."""
    text = "Bad Request: MESSAGE_ID_INVALID"

    assert verdict_of(refused(400, text), SEND) == GiveUp(text)


@pytest.mark.parametrize("lost", [NotSent("refused"), Ambiguous("HTTP 502")])
def test_what_was_not_answered_stays_what_it_is(lost: NotSent | Ambiguous) -> None:
    assert verdict_of(lost, SEND) is lost


def test_long_reasons_fit_their_column() -> None:
    given_up = verdict_of(refused(400, "Bad Request: " + "x" * 1000), SEND)

    assert isinstance(given_up, GiveUp)
    assert len(given_up.detail) <= 300


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_any_5xx_is_ambiguous_even_with_a_proper_answer(status: int) -> None:
    assert isinstance(call_outcome(status, body(status, "Internal Server Error")), Ambiguous)


@pytest.mark.parametrize("status", [200, 301, 400, 403, 404, 413])
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html>Bad Gateway</html>",
        b'{"ok":true,"resu',
        b"[]",
        b"null",
        b'"ok"',
        b"{}",
        b'{"ok":"yes"}',
        b'{"ok":1}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda payload: repr(payload[:16]),
)
def test_whatever_is_no_bot_api_answer_is_ambiguous(status: int, payload: bytes) -> None:
    assert isinstance(call_outcome(status, payload), Ambiguous)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
answers = st.fixed_dictionaries(
    {"ok": st.booleans() | anything},
    optional={
        "error_code": anything,
        "description": anything,
        "result": anything,
        "parameters": anything
        | st.fixed_dictionaries({}, optional={"retry_after": anything, "migrate_to_chat_id": anything}),
    },
)


@given(st.sampled_from([200, 400, 403, 429]), answers | anything, st.sampled_from([SEND, EDIT, DELETE]))
def test_no_answer_however_odd_raises(status: int, answer: object, method: str) -> None:
    found = verdict_of(call_outcome(status, json.dumps(answer).encode()), method)

    assert not isinstance(found, NotSent)
    if isinstance(found, Snooze):
        assert 0 <= found.seconds < 10**9
