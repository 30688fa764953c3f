"""Who goes first when not everybody can: strangers last and seldom, and nobody waits for ever."""

from __future__ import annotations

import pytest

from bot_daemon.outbound import claims
from bot_daemon.outbound.claims import Claim, Room
from bot_daemon.outbound.pacing import Pacing
from common.database.engine import Database
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import STRANGER
from tests.bot_daemon.rows import CARD, CHAT, HELP, LEASE, READY, queued

WALL = MessageKind.REPLY_WALL


def claim(database: Database, room: Room, admit: claims.Admit = lambda _chat: 0.0) -> Claim:
    with database.write() as session:
        return claims.claim(session, 1, room=room, row_lease=LEASE, admit=admit)


@pytest.mark.parametrize(
    "kind", [MessageKind.REPLY_WALL, MessageKind.REPLY_REMOVED, MessageKind.REPLY_INVITATION_REFUSED]
)
def test_what_strangers_get_is_the_least_urgent(kind: MessageKind) -> None:
    assert kind.spec.priority == STRANGER
    assert all(other.spec.priority <= STRANGER for other in MessageKind)


def test_one_message_to_a_stranger_leaves_at_a_time_after_everybody_elses(any_database: Database) -> None:
    walls = [queued(any_database, f"w{n}", kind=WALL, chat_id=9000 + n, due_in=-60)[0] for n in range(5)]
    (desk,) = queued(any_database, "desk", kind=CHAT, chat_id=1001, stream="order:1:1001")
    claimed = claim(any_database, Room(10))

    assert claimed.ids == [walls[0], desk] or claimed.ids == [desk, walls[0]]
    assert claimed.strangers == 1
    assert claim(any_database, Room(10, strangers=False)).ids == [], "the next one waits for its turn"
    with any_database.read() as session:
        assert not claims.is_anything_due(session, Room(10, strangers=False).least_urgent)
        assert claims.is_anything_due(session)


def test_strangers_get_two_messages_a_second_all_together() -> None:
    pacing, left, now = Pacing(29.0, 0.25), [], 100.0
    for _ in range(1000):
        if pacing.admits_strangers(now):
            pacing.take_stranger(now)
            left.append(now)
        now += 0.01

    assert 19 <= len(left) <= 21


@pytest.mark.parametrize("kind", [CHAT, CARD, READY, WALL])
def test_what_more_urgent_messages_overtake_leaves_all_the_same(any_database: Database, kind: MessageKind) -> None:
    """Replies without end, and the limit lets one message leave at a time."""
    for number in range(40):
        queued(any_database, f"r{number}", kind=HELP, chat_id=2000 + number)
    (overtaken,) = queued(any_database, "it", kind=kind, chat_id=1001, stream=outbox.order_stream(1, 1001), due_in=-5)
    pacing, left = Pacing(29.0, 0.25), []
    for _ in range(8):
        claimed = claim(any_database, Room(1, pacing.overtaken_share(1)))
        pacing.take_overtaken(claimed.overtaken)
        left += claimed.ids

    assert overtaken in left[:5]
    assert len(left) == 8, "and the replies have the rest"


def test_where_there_is_room_for_all_the_most_urgent_come_first(any_database: Database) -> None:
    (notice,) = queued(any_database, "notice", kind=READY, chat_id=1001, stream="order:1:1001")
    (reply,) = queued(any_database, "reply", kind=HELP, chat_id=1002)

    assert claim(any_database, Room(10, overtaken=2)).ids == [reply, notice]


def test_in_a_chat_that_is_flooded_with_replies_the_desks_message_gets_its_turn(any_database: Database) -> None:
    """The chat takes one message a second, and each second there is a fresh reply."""
    (desk,) = queued(any_database, "desk", kind=CHAT, chat_id=1001, stream="order:1:1001", due_in=-11)
    (reply,) = queued(any_database, "reply", kind=HELP, chat_id=1001)
    admitted: list[int] = []

    def one(chat: int) -> float:
        admitted.append(chat)
        return 0.0 if len(admitted) == 1 else 1.0

    assert claim(any_database, Room(10), one).ids == [desk]
    assert reply != desk
