"""Every kind of message and every view, in each language, with the worst data people and desks can produce."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import buttons, rendering, screens
from bot_daemon.chat.content import NothingToSay
from bot_daemon.chat.rendering.screens.screen import RENDERERS as RENDERED_VIEWS
from bot_daemon.chat.screens import ScreenView
from common import clock
from common.database import models
from common.database.engine import Database
from common.database.models import (
    LineState,
    Order,
    OrderState,
    OutboxRow,
    OutboxState,
    Person,
    Question,
    Role,
    Unit,
)
from common.facts.messages import ReplyFacts
from common.i18n import use_language
from common.languages import TABLE
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Family
from common.orders.content.quantities import MAX_QUANTITY, quantity_text
from common.orders.placing import MAX_LINES
from tests.bot_daemon.chat.limits import check
from tests.bot_daemon.chat.rendering.worst import LONG, rendered, worst_order
from tests.support.examples import example

OWN_LETTERS = f"[{''.join(row.letters for row in TABLE)}]"
RENDERED = sorted(kind for kind in MessageKind if kind.spec.family is not Family.TIDY)
FITTING: dict[str, OrderState] = {
    **{kind: min(kind.spec.true_while) for kind in MessageKind if kind.spec.true_while},
    MessageKind.NOTICE_OVERDUE: OrderState.WAITING,
}

FOR_MANAGERS = {
    MessageKind.NOTICE_JOIN_REQUEST,
    MessageKind.NOTICE_NEW_ORDER,
    MessageKind.NOTICE_OVERDUE,
    MessageKind.NOTICE_ASSIGNED,
}
FOR_STRANGERS = {MessageKind.REPLY_NOT_LET_IN, MessageKind.REPLY_WALL}


def request_of(name: str, reader: Person) -> models.JoinRequest:
    return models.JoinRequest(
        telegram_id=5, name=name, language="en", state=models.JoinRequestState.ASKED, asked_at=reader.created_at
    )


def a_link(reader: Person) -> models.LoginLink:
    now = clock.utcnow()
    return models.LoginLink(
        digest="d" * 64,
        person_id=reader.id,
        browser_digest="b" * 64,
        chat_id=reader.telegram_id,
        created_at=now,
        expires_at=now + timedelta(1),
    )


def a_sent_notice(session: Session) -> int:
    facts = example(MessageKind.NOTICE_READY)
    kind = MessageKind.NOTICE_READY
    outbox.enqueue(session, key="x", kind=kind, arguments=facts, chat_id=1001, stream="s", order_id=1)
    row = session.scalars(select(OutboxRow).where(OutboxRow.key == "x")).one()
    row.state = OutboxState.SENT
    return row.id


ASKING = {MessageKind.NOTICE_QUESTION, MessageKind.NOTICE_SUBSTITUTE}


@pytest.mark.parametrize("kind", RENDERED)
def test_every_kind_is_said_within_telegrams_limits_whatever_it_holds(
    database: Database, reader: Person, kind: MessageKind
) -> None:
    with database.write() as session:
        notice_id = a_sent_notice(session)
    facts = example(kind, text=LONG * 9, language=reader.language, row=notice_id)
    with database.write() as session:
        question = session.get_one(Question, 1)
        question.answered_at = None if kind in ASKING else question.asked_at
        order = session.get_one(Order, 1)
        order.state, order.expected_on = FITTING.get(kind, OrderState.NEW), date(2026, 11, 25)
        order.lines[0].state = LineState.HERE if kind == MessageKind.NOTICE_PARTLY_READY else LineState.ORDERED
        if kind == MessageKind.REPLY_LOGIN_LINK:
            session.get_one(Person, reader.id).role = Role.STOREKEEPER
            session.add(a_link(reader))
        if kind in FOR_MANAGERS:
            session.get_one(Person, reader.id).role = Role.MANAGER
            order.owner_id = reader.id
            session.add(request_of(LONG[:80], reader))
        text = check(rendered(session, kind, facts, chat_id=5 if kind in FOR_STRANGERS else 1001))
    if reader.language != "en":
        assert re.search(OWN_LETTERS, text), f"nothing of this is in the reader's language: {text}"


@pytest.mark.parametrize("view", ScreenView)
def test_every_view_is_shown_within_telegrams_limits_whatever_it_holds(
    database: Database, reader: Person, view: ScreenView
) -> None:
    with database.write() as session:
        for note in ("", "too_many_lines", "not_understood", "from the future"):
            arguments = {"category": 1, "page": 0, "line": 1, "note": note}
            screens.show(session, 1001, view, arguments, cause=f"u{note}")
            check(rendered(session, MessageKind.SCREEN))


def test_every_kind_but_a_deletion_has_a_renderer() -> None:
    assert sorted(rendering.RENDERERS) == RENDERED


def test_every_view_has_a_renderer() -> None:
    assert set(RENDERED_VIEWS) == set(ScreenView)


NONSENSE: list[dict[str, object]] = [{}, {"page": 999, "line": 999, "category": 999}, {"page": -1, "line": None}]


@pytest.mark.parametrize("view", ScreenView)
def test_a_view_whose_arguments_make_no_sense_is_shown_all_the_same(
    database: Database, dima: Person, view: ScreenView
) -> None:
    with database.write() as session:
        for n, arguments in enumerate(NONSENSE):
            screens.show(session, 1001, view, arguments, cause=f"u{n}")
            check(rendered(session, MessageKind.SCREEN))


def test_a_screen_of_an_unknown_view_is_home(database: Database, dima: Person) -> None:
    with database.write() as session:
        session.add(models.Screen(chat_id=1001, view="from the future", arguments={}))
        session.flush()
        assert "что нужно" in rendered(session, MessageKind.SCREEN).text


def test_strangers_are_answered_in_the_language_the_row_guessed_else_in_the_stations(database: Database) -> None:
    with database.read() as session:
        assert "קישור" in rendered(session, MessageKind.REPLY_WALL, ReplyFacts(language="he"), chat_id=5).text
        assert "ссылку" in rendered(session, MessageKind.REPLY_WALL, ReplyFacts(language=None), chat_id=5).text


@pytest.mark.parametrize("kind", [MessageKind.SCREEN, MessageKind.CARD, MessageKind.CHAT, MessageKind.NOTICE_READY])
def test_nothing_of_orders_is_said_to_strangers_and_removed_people(
    database: Database, dima: Person, kind: MessageKind
) -> None:
    with database.write() as session:
        order = worst_order(session, dima)
        order.state = OrderState.READY
        session.get_one(Person, dima.id).archived_at = dima.created_at
        session.flush()
        for chat_id in (1001, 5):
            with pytest.raises(NothingToSay):
                rendered(session, kind, chat_id=chat_id, order_id=order.id)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind.spec.true_while])
def test_a_notice_that_time_has_overtaken_is_not_said(database: Database, dima: Person, kind: MessageKind) -> None:
    """In no state of the order but those of which its row says that it is true."""
    with database.write() as session:
        order = worst_order(session, dima)
        for state in set(OrderState) - (kind.spec.true_while or set()):
            order.state = state
            session.flush()
            with pytest.raises(NothingToSay):
                rendered(session, kind)


def test_a_card_of_an_order_that_is_gone_is_not_said(database: Database, dima: Person) -> None:
    with database.read() as session, pytest.raises(NothingToSay):
        rendered(session, MessageKind.CARD, order_id=999)


def test_no_line_is_left_out_of_the_longest_card(database: Database, reader: Person) -> None:
    with database.read() as session:
        assert rendered(session, MessageKind.CARD).text.count(_widest(reader)) == MAX_LINES


def _widest(reader: Person) -> str:
    with use_language(reader.language):
        return f"<b>{quantity_text(MAX_QUANTITY, Unit.SET)}</b>"


def test_a_card_offers_what_is_possible_and_nothing_once_it_is_over(database: Database, dima: Person) -> None:
    change, write = buttons.CHANGE.data(order=1, page=0), buttons.WRITE.data(order=1)
    ready = [press.data(order=1) for press in (buttons.COMING, buttons.LATER, buttons.SOMEBODY_ELSE)]
    possible = {
        OrderState.NEW: [change, write, buttons.CANCEL.data(order=1)],
        OrderState.IN_WORK: [change, write],
        OrderState.WAITING: [change, write],
        OrderState.READY: [*ready, write],
        OrderState.ISSUED: [],
        OrderState.CANCELLED: [],
    }
    with database.write() as session:
        order = worst_order(session, dima)
        for state, wanted in possible.items():
            order.state = state
            session.flush()
            content = rendered(session, MessageKind.CARD)
            check(content)
            assert [b.data for row in content.buttons for b in row] == wanted


def test_staffs_card_says_everything_within_telegrams_limits_and_keeps_the_code_to_itself(
    database: Database, reader: Person, rina: Person
) -> None:
    with database.write() as session:
        serving = session.get_one(Person, rina.id)
        serving.telegram_id, serving.language, serving.name = 77, reader.language, LONG[:80]
        order = session.get_one(Order, 1)
        for state in OrderState:
            order.state, order.pickup_code = state, "739"
            session.flush()
            content = rendered(session, MessageKind.CARD, chat_id=77)
            assert "739" not in check(content)
            assert content.text.count(_widest(reader)) == MAX_LINES
            assert not any(b.data.endswith(":issue") for row in content.buttons for b in row)


@pytest.mark.parametrize("view", [ScreenView.DESK, ScreenView.WHY])
def test_a_screen_for_staff_shows_nothing_to_somebody_who_is_none_any_more(
    database: Database, reader: Person, view: ScreenView
) -> None:
    with database.write() as session:
        arguments = {"which": "new", "page": 0, "order": 1, "version": 1, "move": "cancel"}
        screens.show(session, 1001, view, arguments, cause="u1")
        shown = rendered(session, MessageKind.SCREEN)
    assert [button.data for row in shown.buttons for button in row] == ["home"]
