"""What must hold after any fault: DESIGN's guarantees, read off the database and the emulator's journal."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import func, select

from common.database.models import Delivery, InboxRow, InboxState, Order, OutboxRow, OutboxState
from common.messaging.kinds import spec_of
from tests.faults.load import Traffic
from tests.stations.station import Station

EVERYTHING = 200_000  # entries of the journal

ACCOUNTED = {
    OutboxState.SENT,
    OutboxState.HELD,
    OutboxState.FAILED,
    OutboxState.UNREACHABLE,
    OutboxState.SUPERSEDED,
}


def nothing_was_lost(station: Station, traffic: Traffic) -> None:
    """Every update that was acknowledged took effect once; every message is sent or accounted for."""
    every_word_is_ordered_once_and_in_order(station, traffic)
    every_acknowledged_update_is_done(station)
    no_update_is_stuck_or_quarantined(station)
    every_message_is_accounted_for(station)
    collapsed_messages_have_a_successor(station)


def every_word_is_ordered_once_and_in_order(station: Station, traffic: Traffic) -> None:
    with station.database.read() as session:
        for mechanic in traffic.mechanics:
            placed = session.scalars(select(Order).where(Order.person_id == mechanic.person_id)).all()
            assert len(placed) == 1, f"mechanic {mechanic.telegram_id} has {len(placed)} orders"
            assert [line.words[""] for line in placed[0].lines] == mechanic.words


def every_acknowledged_update_is_done(station: Station) -> None:
    """What was never acknowledged was not taken on. Telegram drops a press that nobody takes for 150 s, which at the
    emulator's time scale are a few; nothing else is dropped that soon.
    """
    deliveries = station.sandbox.journal(kind="delivery", limit=EVERYTHING)
    acknowledged = {entry["update_id"] for entry in deliveries if entry["status"] == 200 and not entry["error"]}
    dropped = [e for e in deliveries if e["update_id"] not in acknowledged and e["method"] != "callback_query"]
    assert not dropped, f"never acknowledged: {dropped[-3:]}"
    with station.database.read() as session:
        done = set(session.scalars(select(InboxRow.update_id).where(InboxRow.state == InboxState.DONE)))
    assert acknowledged <= done, f"acknowledged and not done: {sorted(acknowledged - done)[:5]}"


def no_update_is_stuck_or_quarantined(station: Station) -> None:
    with station.database.read() as session:
        states = session.execute(select(InboxRow.state, func.count()).group_by(InboxRow.state)).all()
        errors = session.scalars(select(InboxRow.error).where(InboxRow.error.is_not(None))).all()
    assert {state for state, _ in states} <= {InboxState.DONE}, f"{states}: {errors[:1]}"


def every_message_is_accounted_for(station: Station) -> None:
    with station.database.read() as session:
        rows = session.execute(select(OutboxRow.id, OutboxRow.kind, OutboxRow.state, OutboxRow.reason_code)).all()
    lost = [row for row in rows if row.state not in ACCOUNTED]
    assert not lost, f"neither sent nor visible: {lost[:5]}"


def collapsed_messages_have_a_successor(station: Station) -> None:
    """A superseded row stands for nothing only if a newer one of its collapse key was sent."""
    with station.database.read() as session:
        newest = session.execute(
            select(OutboxRow.collapse_key, func.max(OutboxRow.id)).group_by(OutboxRow.collapse_key)
        ).all()
        ids = [identifier for key, identifier in newest if key]
        superseded = session.scalars(
            select(OutboxRow.id).where(
                OutboxRow.id.in_(ids), OutboxRow.state == OutboxState.SUPERSEDED, OutboxRow.reason_code.is_(None)
            )
        ).all()
    assert not superseded, f"superseded by nothing: {superseded[:5]}"


def streams_kept_their_order(station: Station) -> None:
    """In each stream, attempts never go back to an older row, but for one that was put off on purpose (ADR 15)."""
    with station.database.read() as session:
        attempts = session.scalars(
            select(OutboxRow).join(Delivery, Delivery.outbox_id == OutboxRow.id).order_by(Delivery.id)
        ).all()
    highest: dict[str, int] = defaultdict(int)
    for row in attempts:
        if not _was_put_off(row):
            assert row.id >= highest[row.stream], f"{row.stream} went back from {highest[row.stream]} to {row.id}"
            highest[row.stream] = row.id


def _was_put_off(row: OutboxRow) -> bool:
    """Its time to live begins when it is due; a retry leaves that as it was."""
    return row.expires_at - row.created_at > spec_of(row.kind).expires


def possible_duplicates_are_marked(station: Station) -> int:
    """New messages that reached a chat beyond the rows sent are at most what is marked there. Returns how many."""
    arrived: Counter[int] = Counter()
    for entry in station.sandbox.journal(kind="call", method="sendMessage", limit=EVERYTHING):
        if entry["effect"]:
            arrived[entry["chat_id"]] += 1
    sent, marked = _sent_and_marked(station)
    beyond = 0
    for chat, count in arrived.items():
        extra = count - sent[chat]
        assert extra <= marked[chat], f"chat {chat}: {count} arrived, {sent[chat]} sent, {marked[chat]} marked"
        beyond += max(extra, 0)
    for chat, count in sent.items():
        assert arrived[chat] >= count, f"chat {chat}: {count} rows say sent, {arrived[chat]} arrived"
    return beyond


def _sent_and_marked(station: Station) -> tuple[Counter[int], Counter[int]]:
    with station.database.read() as session:
        sent = session.execute(
            select(OutboxRow.chat_id, func.count())
            .join(Delivery, Delivery.outbox_id == OutboxRow.id)
            .where(Delivery.method == "sendMessage", Delivery.outcome == "sent")
            .group_by(OutboxRow.chat_id)
        ).all()
        marked = session.execute(
            select(OutboxRow.chat_id, func.sum(OutboxRow.ambiguous)).group_by(OutboxRow.chat_id)
        ).all()
    return Counter({row[0]: row[1] for row in sent}), Counter({chat: int(n or 0) for chat, n in marked})


def everything(station: Station, traffic: Traffic) -> int:
    """All of it. Returns how many messages arrived twice."""
    nothing_was_lost(station, traffic)
    streams_kept_their_order(station)
    return possible_duplicates_are_marked(station)
