"""What tests of the desk need around it: settings, sessions, orders."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from flask import Flask

from common.cars import vehicles
from common.database.engine import Database
from common.database.models import Grade, Order, Person
from common.orders import moves, placing, reading
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.people import logins
from tests.support.cast import acts
from tests.webapp.visitor import Visitor
from webapp.web.callers import sessions

WEBHOOK_SECRET = "hQ2mV7x9Lk4tR8wZ1cN5bJ3p"
METRICS_TOKEN = "m3Tr1cs-7f8e9d0c1b2a3948"
SECRET_KEY = "u7Yt5Re3Wq1As9Df7Gh5Jk3L"
_key = count(1)

OpenApp = Callable[..., Flask]  # of a database, its address and settings


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """A complete environment of the web app."""
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET_KEY,
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "METRICS_TOKEN": METRICS_TOKEN,
        "STATION_NAME": "Felix",
        "STATION_LANGUAGE": "en",
        "SQLITE_SYNCHRONOUS": "NORMAL",
        **settings,
    }


def signed_in(app: Flask, database: Database, person: Person) -> Visitor:
    """A browser with a live session of this person."""
    visitor = Visitor(app)
    visitor.client.set_cookie("desk", cookie_of(database, person))
    return visitor


def cookie_of(database: Database, person: Person) -> str:
    """The cookie of a new session of this person."""
    with database.write() as session:
        return sessions.signed_cookie(logins.open_session(session, person.id, "a test"), SECRET_KEY)


def line(words: str = "oil filter", quantity: int = 2, grade: Grade = Grade.ANY) -> WantedLine:
    return WantedLine({"": words}, quantity, grade=grade)


def place(database: Database, person: Person, *lines: WantedLine, plate: str = "1234567", comment: str = "") -> Order:
    """A new order of this person."""
    with database.write() as session:
        order, _new = placing.place_order(
            session,
            key=f"test-{next(_key)}",
            person=session.get_one(Person, person.id),
            lines=lines or (line(),),
            actor=acts(person),
            vehicle=vehicles.remember(session, vehicles.read_plate(plate)) if plate else None,
            comment=comment,
        )
        return order


def move(database: Database, order_id: int, what: Move, actor: Person, **options: str) -> Order:
    """Move an order, whatever its version."""
    with database.write() as session:
        version = reading.get_order(session, order_id).version
        return moves.move_order(
            session,
            acts(actor),
            order_id,
            what,
            expected_version=version,
            reason=options.get("reason", ""),
            day_unknown=True,
        )


def state(database: Database, order_id: int) -> Order:
    """The order as it is now."""
    with database.read() as session:
        return reading.get_order(session, order_id)
