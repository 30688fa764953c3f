"""What the desk and a mechanic say to each other about an order, and what became of it."""

from __future__ import annotations

from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import ChatMessage, Draft, Person, Question
from common.orders import moves, reading
from common.orders.moves import Move
from common.talk import chat, questions
from tests.bot_daemon.chat.driver import look
from tests.support.cast import acts


def take(database: Database, rina: Person, number: int) -> None:
    with database.write() as session:
        moves.move_order(session, acts(rina), number, Move.TAKE, expected_version=1)


def writes(database: Database, rina: Person, number: int, text: str) -> None:
    with database.write() as session:
        chat.write(session, acts(rina), number, text, key=f"k{clock.utcnow().timestamp()}")


def asks(database: Database, rina: Person, number: int, kind: str = "side") -> int:
    with database.write() as session:
        version = reading.get_order(session, number).version
        return questions.ask(session, acts(rina), number, kind, "Какая сторона?", expected_version=version).id


def said(database: Database, number: int | None) -> list[str]:
    of_it = select(ChatMessage.text).where(ChatMessage.order_id == number).order_by(ChatMessage.id)
    return look(database, lambda s: list(s.scalars(of_it)))


def lines_of_draft(database: Database) -> list[str]:
    content = look(database, lambda s: s.scalars(select(Draft.content)).first())
    return [line["typed"] for line in (content or {}).get("lines", [])]


def answer_of(database: Database, question_id: int) -> str:
    return look(database, lambda s: s.get_one(Question, question_id)).answer
