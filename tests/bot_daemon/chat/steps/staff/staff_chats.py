"""Storekeepers and managers who linked their Telegram."""

from __future__ import annotations

from common.database.engine import Database
from common.database.models import Order, OrderState, Role
from common.orders import placing
from common.people import people
from tests.bot_daemon.chat.driver import Chat, Message, chat_of, look
from tests.support.cast import acts

S = OrderState


def staff(database: Database, name: str, telegram_id: int, role: Role = Role.STOREKEEPER) -> Chat:
    with database.write() as session:
        person = people.add_person(session, name=name, role=role, language="en", telegram_id=telegram_id, chosen=True)
    return chat_of(database, person)


def staff_card(chat: Chat, number: int = 1) -> Message:
    """The one card of this order in this chat."""
    (found,) = [m for m in chat.visible() if m.text.startswith(f"<b>Order {number}</b> ·") and "✍️" in m.text]
    return found


def state(database: Database, number: int = 1) -> OrderState:
    return look(database, lambda s: s.get_one(Order, number).state)


def order_of_dima(database: Database, dimas: Chat) -> None:
    with database.write() as session:
        dima = people.by_telegram(session, dimas.user_id)
        assert dima is not None
        wanted = [placing.WantedLine({"": "болт"})]
        placing.place_order(session, key="k", person=dima, lines=wanted, actor=acts(dima))
