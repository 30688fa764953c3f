"""A desk with something of everything on it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from common import clock
from common.database.models import (
    Bot,
    ChangeRequest,
    Chat,
    LineState,
    Order,
    OutboxRow,
    OutboxState,
    ReasonCode,
    Unit,
)
from common.finding import saved_lists
from common.orders import lines
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.talk import change_requests, chat, notes, questions, quick_replies
from common.talk.change_requests import Wish
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA, NOA, acts
from tests.webapp.desks import line, move, place

L = LineState
LONG_NAME = "Датчик/провод износа колодок задний, с разъёмом и кронштейном, левый " * 2


def furnish(desk: Desk) -> int:
    """A desk with something of everything. Returns an order with a message of each fate."""
    dima, noa, avi = (desk.people[m.name] for m in (DIMA, NOA, AVI))
    wide = WantedLine({"": LONG_NAME}, 9999, unit=Unit.SET, remark=LONG_NAME)
    place(desk.database, dima, line("свеча зажигания", 4), plate="12345678", comment="Пост 3, срочно")
    old = place(desk.database, noa, line("רפידות בלם קדמיות"), wide, plate="А123ВС77")
    taken, waits, ready = (place(desk.database, dima, *[line() for _ in range(7)]) for _ in range(3))
    move(desk.database, taken.id, Move.TAKE, avi)
    move(desk.database, waits.id, Move.TAKE, avi)
    move(desk.database, waits.id, Move.WAIT, avi, reason="едет из Хайфы, будет утром")
    move(desk.database, ready.id, Move.TAKE, avi)
    move(desk.database, ready.id, Move.READY, avi)
    speak(desk, taken.id)
    with desk.database.write() as session:
        session.execute(update(Order).where(Order.id == old.id).values(state_since=clock.utcnow() - timedelta(hours=2)))
        mine = update(OutboxRow).where(OutboxRow.order_id == ready.id)
        session.execute(mine.values(state=OutboxState.HELD, ambiguous=2))
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.order_id == waits.id)
            .values(state=OutboxState.UNREACHABLE, reason_code=ReasonCode.BLOCKED)
        )
        session.add(Chat(chat_id=1002, unreachable="blocked"))
        session.add(
            Bot(
                bot_id=7,
                username="felix_bot",
                name="Felix",
                link_base="https://t.me",
                active_at=clock.utcnow(),
                webhook={},
            )
        )
    return ready.id


def speak(desk: Desk, order_id: int) -> None:
    """Lines in every state, questions that are open and answered, words of both sides, a wish."""
    dima, avi = (desk.people[m.name] for m in (DIMA, AVI))
    with desk.database.write() as session:
        order = session.get_one(Order, order_id)
        for wanted, state in zip(order.lines, (L.HERE, L.ORDERED, L.UNAVAILABLE, L.ISSUED), strict=False):
            lines.change_line(
                session,
                acts(avi),
                order_id,
                wanted.id,
                state,
                expected_version=order.version,
                expected_on=clock.utcnow().date() + timedelta(days=1),
            )
        asked = questions.ask(session, acts(avi), order_id, "side", "Которая сторона?", expected_version=order.version)
        questions.answer(session, acts(dima), asked.id, "та, что у двери")
        questions.ask(session, acts(avi), order_id, "yes_no", "גם חיישן שחיקה?", expected_version=order.version)
        proposed = order.lines[5].id
        questions.propose_substitute(
            session, acts(avi), order_id, proposed, "Bosch 0986424", expected_version=order.version
        )
        chat.write(session, acts(avi), order_id, "Есть только " + "очень длинное слово" * 9, key="k" * 16)
        chat.receive(session, dima, "подойдёт", chat_id=1001, message_id=1, order_id=order_id)
        chat.edit(session, 1001, 1, "не подойдёт")
        notes.write(session, acts(avi), order_id, "Платит только наличными " * 3, key="n" * 16)
        struck = notes.write(session, acts(avi), order_id, "לבדוק את הצד", key="m" * 16)
        notes.strike(session, acts(avi), order_id, struck.id)
        change_requests.ask(session, acts(dima), order_id, Wish.ADD_LINE, {"words": {"": "шайба"}, "quantity": 3})


def kept_view(desk: Desk) -> int:
    """A list that was saved under a long name."""
    avi = desk.people[AVI.name]
    with desk.database.write() as session:
        name = "Утренняя проверка: что ждёт дольше дня"
        return saved_lists.save(
            session, acts(avi), name=name, fields={"state": ["waiting"], "overdue": ["1"]}, shared=True
        ).id


def served(desk: Desk) -> int:
    """The order that was spoken about."""
    with desk.database.read() as session:
        return session.scalars(select(ChangeRequest.order_id)).one()


def reply(desk: Desk) -> int:
    """A quick reply of many, one of which has no Hebrew text. Returns that one."""
    with desk.database.write() as session:
        quick_replies.add_first_replies(session)
        found = quick_replies.by_shortcut(session, "odd")
        texts = {"ru": "{part}: " + "ждём " * 30}
        return (found or quick_replies.create(session, acts(desk.people[AVI.name]), "odd", texts)).id
