"""The short way to an order, and to a person who may place one."""

from __future__ import annotations

from sqlalchemy import select

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import Order, Person
from common.people import invitations
from tests.bot_daemon.chat.driver import Chat, look
from tests.support.cast import acts


def placed(database: Database) -> list[Order]:
    return look(database, lambda session: list(session.scalars(select(Order).order_by(Order.id))))


def invited(database: Database, manager: Person, name: str) -> str:
    with database.write() as session:
        return invitations.invite(session, acts(manager), name=name)[1]


def cancel(chat: Chat, number: int) -> None:
    chat.presses(buttons.CANCEL, order=number)
    chat.presses(buttons.CANCEL_CONFIRMED, order=number)


def order_a_bolt(chat: Chat, words: str) -> None:
    chat.types("/new")
    chat.types(words)
    chat.types("12-345-67")
    chat.presses(buttons.SEND)
