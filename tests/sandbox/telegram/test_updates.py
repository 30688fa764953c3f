"""Updates that wait: in which queue of a webhook, for how long, how many."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.telegram.updates import DAY, MAX_LENGTH, MAX_PENDING, UpdateQueue, queue_of

USER, CHAT, ACTOR = {"id": 7}, {"id": 5}, {"id": 9}
STEP = 1 << 33


@pytest.mark.parametrize(
    ("kind", "content", "queue"),
    [
        ("message", {"chat": CHAT, "from": USER}, 5),  # Client.cpp:17959
        ("edited_message", {"chat": CHAT, "from": USER}, 5),
        ("channel_post", {"chat": CHAT}, 5),
        ("inline_query", {"from": USER}, 7 + STEP),  # Client.cpp:17073
        ("chosen_inline_result", {"from": USER}, 7 + 2 * STEP),  # Client.cpp:17081
        ("callback_query", {"from": USER, "message": {"chat": CHAT}}, 7 + 3 * STEP),  # Client.cpp:17155
        ("shipping_query", {"from": USER}, 7 + 4 * STEP),  # Client.cpp:17235
        ("pre_checkout_query", {"from": USER}, 7 + 4 * STEP),  # Client.cpp:17241
        ("my_chat_member", {"chat": CHAT, "from": USER}, 5 + 5 * STEP),  # Client.cpp:17279
        ("chat_member", {"chat": CHAT, "from": ACTOR, "old_chat_member": {"user": USER}}, 7 + 6 * STEP),
        ("chat_join_request", {"chat": CHAT, "from": USER}, 7 + 6 * STEP),  # Client.cpp:17293
        ("chat_boost", {"chat": CHAT}, 5 + 7 * STEP),  # Client.cpp:17305
        ("message_reaction", {"chat": CHAT}, 5 + 8 * STEP),  # Client.cpp:17321
        ("message_reaction_count", {"chat": CHAT}, 5 + 9 * STEP),  # Client.cpp:17334
        ("business_connection", {"user": USER}, 7 + 10 * STEP),  # Client.cpp:17346
        ("business_message", {"chat": CHAT, "from": USER}, 5 + 11 * STEP),  # Client.cpp:18005
        ("purchased_paid_media", {"from": USER}, 7 + 12 * STEP),  # Client.cpp:17247
        ("poll", {"id": "42"}, 42),  # Client.cpp:17062
        ("poll_answer", {"poll_id": "42"}, 42),  # Client.cpp:17067
        ("subscription", {"plan": "x"}, 0),  # a kind of tomorrow
    ],
)
def test_each_kind_has_its_queue(kind: str, content: dict[str, Any], queue: int) -> None:
    """Client.cpp:17062-17353, 17959, 18005: the last argument of add_update."""
    assert queue_of(kind, content) == queue


def test_an_update_of_nobody_has_a_queue_of_its_own() -> None:
    """WebhookActor.cpp load_updates: queue_id 0 becomes unique_queue_id_++."""
    updates = UpdateQueue(1)
    first, second = (updates.push({"subscription": {"plan": "x"}}, 0.0) for _ in range(2))

    assert first is not None
    assert second is not None
    assert first.queue != second.queue


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("message", DAY),  # Client.cpp:17053
        ("my_chat_member", DAY),  # Client.cpp:17270
        ("callback_query", 150),  # Client.cpp:17158
        ("shipping_query", 150),  # Client.cpp:17235
        ("pre_checkout_query", 150),  # Client.cpp:17241
        ("inline_query", 30),  # Client.cpp:17075
        ("chosen_inline_result", 600),  # Client.cpp:17083
    ],
)
def test_each_kind_waits_its_time(kind: str, seconds: float) -> None:
    """Client.cpp:17053-17270: the timeout argument of add_update."""
    updates = UpdateQueue(1)
    updates.push({kind: {"from": USER, "chat": CHAT}}, 1000.0)

    assert len(updates.take(0, 100, 1000.0 + seconds)) == 1
    assert updates.take(0, 100, 1001.0 + seconds) == []


def test_a_full_queue_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """td TQueue.cpp:149: 100 000 updates; the new one is lost, not the oldest."""
    monkeypatch.setattr("sandbox.telegram.updates.MAX_PENDING", 2)
    updates = UpdateQueue(1)
    pushed = [updates.push({"poll": {"id": str(number)}}, 0.0) for number in range(3)]

    assert (MAX_PENDING, pushed[2]) == (100_000, None)
    assert len(updates.take(0, 100, 0.0)) == 2


def test_a_huge_update_is_lost() -> None:
    """td TQueue.cpp:141: 512 KiB each."""
    updates = UpdateQueue(1)

    assert updates.push({"poll": {"id": "1", "question": "x" * MAX_LENGTH}}, 0.0) is None
    assert updates.push({"poll": {"id": "2"}}, 0.0)


def test_128_mebibytes_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """td TQueue.cpp:152; what was confirmed makes room again."""
    monkeypatch.setattr("sandbox.telegram.updates.MAX_TOTAL_LENGTH", 100)
    updates = UpdateQueue(1)
    first = updates.push({"poll": {"id": "1", "question": "x" * 40}}, 0.0)

    assert first is not None
    assert updates.push({"poll": {"id": "2", "question": "x" * 40}}, 0.0) is None
    updates.take(first.id + 1, 100, 0.0)
    assert updates.push({"poll": {"id": "3", "question": "x" * 40}}, 0.0)
