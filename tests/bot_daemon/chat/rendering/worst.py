"""The worst data that people and desks can produce, and a row of it rendered."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot_daemon.chat import rendering
from bot_daemon.chat.content import Content
from bot_daemon.chat.conversation import drafts
from bot_daemon.chat.conversation.drafts import Draft, DraftLine
from common.cars import vehicles
from common.database.models import (
    ChangeRequest,
    ChatMessage,
    Grade,
    LineState,
    Order,
    OutboxRow,
    Person,
    Question,
    RequestState,
    Unit,
    Via,
)
from common.facts.base import Arguments
from common.messaging.kinds import MessageKind
from common.orders import placing
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_REMARK, MAX_WORDS, WantedLine
from common.permissions import Actor
from tests.support.examples import example

HOSTILE = "<b>&\u202e\u2069</b>\n%(x)s {y} \"'🧨"
LONG = HOSTILE + "🧨" * 600  # two UTF-16 units each


def worst_draft() -> Draft:
    lines = tuple(
        DraftLine(
            n,
            {"": LONG[:MAX_WORDS]},
            MAX_QUANTITY,
            None,
            Grade.AFTERMARKET,
            unit=Unit.SET,
            note=drafts.clean(LONG)[:MAX_REMARK],
        )
        for n in range(1, MAX_LINES + 1)
    )
    return Draft(lines, "a🧨" * 10, drafts.clean(LONG)[:MAX_COMMENT], current=1, next_id=MAX_LINES + 1)


def worst_order(session: Session, person: Person) -> Order:
    widest = WantedLine(
        {"": LONG[:MAX_WORDS]}, MAX_QUANTITY, None, Grade.AFTERMARKET, Unit.SET, drafts.clean(LONG)[:MAX_REMARK]
    )
    order, _ = placing.place_order(
        session,
        key=f"key{session.query(Order).count()}",
        person=person,
        lines=[widest] * MAX_LINES,
        actor=Actor.of(person, Via.BOT),
        vehicle=vehicles.remember(session, vehicles.read_plate("🧨a" * 10)),
        comment=LONG[:MAX_COMMENT],
    )
    order.reason, order.expected_on, order.owner = LONG[:300], date(2026, 11, 25), person
    worst_talk(session, order, person)
    return order


def worst_talk(session: Session, order: Order, person: Person) -> None:
    """The longest of what can be said about an order, and every line in the longest state."""
    now, remark = order.created_at, drafts.clean(LONG)[:MAX_REMARK]
    for line in order.lines:
        line.state, line.substitute, line.expected_on = LineState.ORDERED, LONG[:200], date(2026, 11, 25)
    order.pickup_code, order.issued_to = "123", LONG[:80]
    session.add_all(
        [
            *(Question(order=order, kind="free", text=LONG[:1000], asked_at=now, answer=LONG[:1000]) for _ in range(3)),
            *(
                ChangeRequest(
                    order=order,
                    person_id=person.id,
                    kind="add_line",
                    arguments={
                        "words": {"": LONG[:200]},
                        "quantity": MAX_QUANTITY,
                        "unit": "set",
                        "remark": remark,
                    },
                    state=RequestState.ASKED,
                    asked_at=now,
                )
                for _ in range(9)
            ),
            *(
                ChatMessage(order_id=order.id, author_id=person.id, text=LONG[:4096], at=now, edited_at=now)
                for _ in "ab"
            ),
        ]
    )
    session.flush()


def rendered(
    session: Session, kind: MessageKind, facts: Arguments | None = None, *, chat_id: int = 1001, order_id: int = 1
) -> Content:
    holds = (facts or example(kind)).stored()
    row = OutboxRow(kind=kind, chat_id=chat_id, order_id=order_id, arguments=holds)
    return rendering.render(session, row, default_language="ru")
