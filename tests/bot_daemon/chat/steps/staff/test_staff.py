"""Storekeepers and managers who linked their Telegram: alerts, cards with the desk's moves, lists, settings."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot_daemon.chat import buttons, rendering
from common import clock
from common.database.engine import Database
from common.database.models import Bot, Card, Event, Order, OutboxRow, Person, Via
from common.events.audience import READERS
from common.events.kinds import Audience, EventKind
from common.messaging.kinds import MessageKind
from common.orders import moves, placing
from common.orders.moves import Move
from common.people import invitations, people, preferences
from common.permissions import Actor
from tests.bot_daemon.chat.driver import Chat, look, queued, together
from tests.bot_daemon.chat.steps.ordering import cancel, order_a_bolt
from tests.bot_daemon.chat.steps.staff.staff_chats import S, order_of_dima, staff_card, state
from tests.support.cast import acts


def test_a_new_order_is_one_alert_and_one_card_for_each_of_the_staff(
    database: Database, dimas: Chat, rinas: Chat, avis: Chat
) -> None:
    order_a_bolt(dimas, "болт")
    for chat in (rinas, avis):
        assert len(chat.saying("🔔")) == 1
        assert "Dima" in chat.saying("🔔")[0].text
        assert "болт" in staff_card(chat).text
        assert staff_card(chat).find(buttons.MOVE, move="take") is not None
    assert {row.chat_id for row in queued(database, MessageKind.NOTICE_NEW_ORDER)} == {77, 78}


def test_the_card_makes_no_sound_beside_the_alert(database: Database, dimas: Chat, rinas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    with database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.chat_id == 77)).all()
        silent = {row.kind: rendering.render(session, row).silent for row in rows}
    assert silent == {"card": True, MessageKind.NOTICE_NEW_ORDER: False}


def test_it_makes_none_in_hebrew_either(database: Database, dimas: Chat, rinas: Chat) -> None:
    """The texts are laid out anew from right to left, and nothing else of them changes."""
    order_a_bolt(dimas, "болт")
    with database.write() as session:
        session.scalars(select(Person).where(Person.telegram_id == 77)).one().language = "he"
    with database.read() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.chat_id == 77, OutboxRow.kind == "card")).one()
        assert rendering.render(session, row).silent


def test_a_storekeeper_serves_an_order_from_the_chat_to_the_end(database: Database, dimas: Chat, rinas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    assert "In work" in rinas.presses(buttons.MOVE, move="take").toast
    assert "Rina is on this" in staff_card(rinas).text
    assert dimas.saying("Rina")
    rinas.presses(buttons.MOVE, move="ready")
    assert dimas.saying("Готов: ")
    rinas.presses(buttons.MOVE, move="issue")
    assert state(database) is S.ISSUED
    assert [data.split(":")[0] for data in staff_card(rinas).buttons.values()] == ["why"], "only reopening is left"
    vias = look(database, lambda s: set(s.scalars(select(Event.via).where(Event.kind != EventKind.ORDER_PLACED))))
    assert vias == {Via.BOT}


def test_a_move_that_needs_a_reason_offers_some_and_tells_the_mechanic_in_their_language(
    database: Database, dimas: Chat, rinas: Chat
) -> None:
    order_a_bolt(dimas, "болт")
    rinas.presses(buttons.MOVE, move="take")
    rinas.presses(buttons.WHY, move="wait")
    assert "Why?" in rinas.last.text
    rinas.presses(buttons.MOVE_WHY, reason="supplier")
    assert state(database) is S.WAITING
    assert "Ordered from the supplier" in staff_card(rinas).text
    assert "what does the car need" in rinas.last.text
    assert dimas.saying("Заказано у поставщика")
    rinas.presses(buttons.MOVE, move="resume")
    rinas.presses(buttons.WHY, move="cancel")
    rinas.presses(buttons.MOVE_WHY, reason="unavailable")
    assert state(database) is S.CANCELLED


def test_the_desk_is_one_tap_away_where_its_address_is_known(database: Database, dimas: Chat, rinas: Chat) -> None:
    with database.write() as session:
        session.add(
            Bot(
                bot_id=7,
                username="felix_bot",
                name="Felix",
                link_base="https://t.me",
                active_at=clock.utcnow(),
                webhook={},
                desk_url="https://desk.example",
            )
        )
    order_a_bolt(dimas, "болт")
    assert '<a href="https://desk.example/orders/1">' in staff_card(rinas).text
    rinas.presses(buttons.WHY, move="cancel")
    assert "https://desk.example/orders/1" in rinas.last.text


def test_an_order_that_was_taken_is_no_news(database: Database, dimas: Chat, rinas: Chat, rina: Person) -> None:
    dimas.deliver_at_once = False
    order_of_dima(database, dimas)
    with database.write() as session:
        moves.move_order(session, acts(rina), 1, Move.TAKE, expected_version=1)
    dimas.deliver()
    assert not rinas.saying("🔔")
    assert staff_card(rinas).text


def test_whoever_does_not_want_to_hear_of_new_orders_gets_neither_alert_nor_card(
    database: Database, dimas: Chat, rinas: Chat
) -> None:
    with database.write() as session:
        rina = people.by_telegram(session, 77)
        assert rina is not None
        preferences.set_muted(session, rina, MessageKind.NOTICE_NEW_ORDER, True)
    order_a_bolt(dimas, "болт")
    assert not rinas.messages
    rinas.types("/start")
    rinas.presses(buttons.DESK, which="new")
    rinas.presses(buttons.STAFF_ORDER, order=1)
    assert staff_card(rinas).find(buttons.MOVE, move="take") is not None, "the list shows it all the same"


def test_home_says_what_is_new_and_what_they_serve(database: Database, dimas: Chat, rinas: Chat) -> None:
    for words in ("болт", "гайка", "шайба"):
        order_a_bolt(dimas, words)
    rinas.presses(buttons.MOVE, order=1, move="take")
    rinas.types("/start")
    assert [label for label in rinas.screen.labels() if ":" in label] == ["🆕 New orders: 2", "🔧 I serve: 1"]
    rinas.presses(buttons.DESK, which="mine")
    assert "1" in rinas.screen.text
    assert rinas.screen.find(buttons.STAFF_ORDER, order=1) is not None
    assert not [label for label in dimas.screen.labels() if "New orders" in label]


def test_a_list_of_many_orders_pages(database: Database, dimas: Chat, rinas: Chat) -> None:
    with database.write() as session:
        dima = people.by_telegram(session, dimas.user_id)
        assert dima is not None
        for number in range(12):
            wanted = [placing.WantedLine({"": "болт"})]
            placing.place_order(session, key=f"k{number}", person=dima, lines=wanted, actor=acts(dima))
    rinas.types("/start")
    rinas.presses(buttons.DESK, which="new")
    rinas.presses(buttons.DESK, which="new", page=1)
    rinas.presses(buttons.DESK, which="new", page=2)
    assert "3/3" in rinas.screen.text
    assert [d for d in rinas.screen.buttons.values() if d.startswith("staff:")] == ["staff:order:11", "staff:order:12"]


def test_after_unlinking_nothing_is_said_there_any_more(database: Database, dimas: Chat, rinas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    take = rinas.button(buttons.MOVE, move="take")
    with database.write() as session:
        rina = people.by_telegram(session, 77)
        assert rina is not None
        people.unlink(session, Actor.of(rina, Via.DESK), rina.id)
    dimas.deliver()
    assert "no longer linked" in rinas.last.text
    before = len(rinas.calls)
    order_a_bolt(dimas, "гайка")
    cancel(dimas, 1)
    assert len(rinas.calls) == before
    rinas.presses_data(*take)
    assert state(database) is S.CANCELLED
    assert rinas.last.find(buttons.ASK) is not None


def test_a_closed_order_is_not_followed_for_ever(database: Database, dimas: Chat, rinas: Chat, rina: Person) -> None:
    order_a_bolt(dimas, "болт")
    with database.write() as session:
        moves.move_order(session, acts(rina), 1, Move.CANCEL, expected_version=1, reason="x")
    serving = READERS[Audience.SERVING]
    for days, told in ((0, ["Rina"]), (2, [])):
        with clock.travel(timedelta(days=days)), database.read() as session:
            assert [person.name for person in serving(session, session.get_one(Order, 1))] == told


def test_staff_who_order_for_themselves_have_one_card_with_both_kinds_of_buttons(
    database: Database, rinas: Chat, avis: Chat
) -> None:
    order_a_bolt(rinas, "bolt")
    assert not rinas.saying("🔔"), "nobody is told of what they did themselves"
    mine = [m for m in rinas.visible() if m.find(buttons.CANCEL)]
    assert len(mine) == 1
    assert mine[0].find(buttons.MOVE, move="take") is not None
    assert staff_card(avis).text


def test_linking_brings_a_storekeeper_in_as_who_they_are(database: Database, rina: Person, dimas: Chat) -> None:
    with database.write() as session:
        code = invitations.link_own(session, acts(rina))[1]
    mine = Chat(database, 2001, "Someone", "en")
    together(dimas, mine)
    mine.types(f"/start {code}")
    assert "רינה" in mine.screen.text or "Rina" in mine.screen.text
    order_a_bolt(dimas, "болт")
    assert mine.saying("🔔")
    assert look(database, lambda s: s.get(Card, (1, 2001))) is not None


def test_staff_choose_whether_new_orders_ring_and_mechanics_are_not_asked(
    database: Database, dimas: Chat, rinas: Chat
) -> None:
    rinas.presses_data("notices", 1)
    assert "New orders" in " ".join(rinas.last.buttons)
    assert "Access requests" not in " ".join(rinas.last.buttons), "that is for managers"
    rinas.presses(buttons.NOTICE, kind="new_order", switch="off")
    dimas.presses_data("notices", 1)
    assert "Новые заказы" not in " ".join(dimas.last.buttons)
    order_a_bolt(dimas, "болт")
    assert not rinas.saying("🔔 New")
