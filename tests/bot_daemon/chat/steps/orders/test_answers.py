"""A typed answer goes to the question that it fits, and what is no answer goes where it belongs."""

from __future__ import annotations

import pytest

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import Person
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.ordering import order_a_bolt
from tests.bot_daemon.chat.steps.orders.talking import answer_of, asks, lines_of_draft, said, writes


def test_an_answer_goes_to_the_newest_question_that_it_fits(database: Database, served: Chat, rina: Person) -> None:
    original, engine = (asks(database, rina, 1, kind) for kind in ("yes_no", "free"))
    urgent = asks(database, rina, 1, "yes_no")
    served.types("дизель 2.0")
    assert [answer_of(database, one) for one in (original, engine, urgent)] == ["", "дизель 2.0", ""]
    served.types("да конечно")
    assert [answer_of(database, one) for one in (original, engine, urgent)] == ["", "дизель 2.0", "да конечно"]


@pytest.mark.parametrize("kind", ["side", "yes_no", "free"])
def test_a_part_typed_at_home_begins_an_order_and_closes_no_question(
    database: Database, served: Chat, rina: Person, kind: str
) -> None:
    question_id = asks(database, rina, 1, kind)
    served.types("/start")
    served.types("помпа")
    assert answer_of(database, question_id) == ""
    assert lines_of_draft(database) == ["помпа"]


def test_a_question_that_came_after_the_last_line_is_answered_while_a_list_is_written(
    database: Database, served: Chat, rina: Person
) -> None:
    served.types("трубка")
    question_id = asks(database, rina, 1, "free")
    served.types("дизель 2.0")
    assert answer_of(database, question_id) == "дизель 2.0"
    served.types("шайба")
    assert lines_of_draft(database) == ["трубка", "шайба"]


def test_what_is_asked_about_answers_the_question_of_the_order_that_was_meant(
    database: Database, served: Chat, rina: Person
) -> None:
    order_a_bolt(served, "гайка")
    question_id = asks(database, rina, 1)
    for number in (1, 2):
        writes(database, rina, number, f"о заказе {number}")
    served.types("не знаю, наверное всё-таки слева спереди")
    served.presses(buttons.BELONGS, order=1)
    assert (answer_of(database, question_id), said(database, 1)[-1]) == ("", "не знаю, наверное всё-таки слева спереди")


def test_thanks_are_not_passed_on(database: Database, served: Chat, rina: Person) -> None:
    writes(database, rina, 1, "Есть только M8")
    served.types("спасибо 🙏")
    assert said(database, 1) == ["Есть только M8"]
    assert lines_of_draft(database) == []
