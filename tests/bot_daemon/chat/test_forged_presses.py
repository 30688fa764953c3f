"""A button's data can be forged: whatever is pressed with others' numbers shows nothing of theirs, and changes nothing.

Of a car that is typed, everybody sees the last orders; the number of a car tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot_daemon.chat import buttons
from bot_daemon.chat.buttons import Press
from common.cars import vehicles
from common.database.engine import Database
from common.database.models import (
    Base,
    ChatMessage,
    Draft,
    JoinRequest,
    Order,
    OrderLine,
    Person,
    Question,
    Vehicle,
)
from common.orders import placing
from common.orders.placing import WantedLine
from common.people import join_requests
from common.talk import chat, questions
from tests.bot_daemon.chat.driver import Chat, look
from tests.support.cast import acts

SECRETS = ("cntrword", "cntrremark", "cntrmessage", "cntrquestion", "cntrstranger", "76-543-21", "7654321")
PRESSES = [press for press in vars(buttons).values() if isinstance(press, Press)]
OWNERS: dict[str, type[Base]] = {
    "order": Order, "line": OrderLine, "vehicle": Vehicle, "message": ChatMessage, "question": Question,
    "request": JoinRequest,
}  # fmt: skip
PLAIN = {
    "language": "en", "grade": "any", "choice": "with", "answer": "yes", "kind": "ready", "switch": "on", "show": "all",
    "which": "new", "move": "take", "reason": "other", "page": "0", "quantity": "1", "version": "1", "start": "22",
    "end": "6", "on": "1", "mark": "1", "part": "1", "category": "1",
}  # fmt: skip


@pytest.fixture
def noas_order(database: Database, noa: Person, rina: Person) -> Order:
    """An order with everything in it that could be shown: a car, words, a remark, talk, a question; and a stranger."""
    with database.write() as session:
        order, _new = placing.place_order(
            session,
            key="noas",
            person=session.get_one(Person, noa.id),
            lines=[WantedLine({"": "cntrword"}, 3)],
            actor=acts(noa),
            vehicle=vehicles.remember(session, vehicles.read_plate("76-543-21")),
            comment="cntrremark",
        )
        chat.write(session, acts(rina), order.id, "cntrmessage", key="k1")
        questions.ask(session, acts(rina), order.id, "free", "cntrquestion", expected_version=order.version)
        join_requests.ask(session, telegram_id=5005, name="cntrstranger", language="en")
    return order


@pytest.fixture
def at_a_draft(dimas: Chat) -> Chat:
    """Dima with an order of his own begun."""
    dimas.types("/start")
    dimas.presses(buttons.NEW_ORDER)
    return dimas


def key_of(database: Database) -> str:
    return look(database, lambda session: session.scalars(select(Draft.key)).one())


def forged(press: Press, key: str, database: Database) -> Iterator[str]:
    """The press with every number that is another's."""
    names = list(press.pattern.groupindex)
    numbers = {name: _numbers(database, OWNERS[name]) for name in names if name in OWNERS}
    for turn in range(max(map(len, numbers.values()), default=1)):
        chosen = {name: str(found[turn % len(found)]) for name, found in numbers.items()}
        yield press.data(**{name: {**PLAIN, "key": key, **chosen}[name] for name in names})


def _numbers(database: Database, model: type[Base]) -> list[int]:
    found = look(database, lambda session: list(session.scalars(select(model.__table__.c.id))))
    assert found, f"there is no {model.__name__} to press"
    return found


def test_a_press_with_others_numbers_shows_nothing_of_theirs(
    at_a_draft: Chat, noas_order: Order, database: Database
) -> None:
    before, told = _state_of(database, noas_order.id), {}
    for press in PRESSES:
        for data in forged(press, key_of(database), database):
            at_a_draft.presses_data(data, at_a_draft.last.id)
        shown = [text for one in at_a_draft.messages for text in (one.text, *one.buttons)]
        shown += [answer.toast for answer in at_a_draft.answers]
        told[press.shape] = [secret for secret in SECRETS if any(secret in text for text in shown)]
        assert _state_of(database, noas_order.id) == before, press.shape
    assert len(told) > 50
    assert {shape: found for shape, found in told.items() if found} == {}


def _state_of(database: Database, order_id: int) -> tuple[object, ...]:
    with database.read() as session:
        order = session.get_one(Order, order_id)
        return order.version, order.state, order.person_id, len(order.lines)
