"""Buttons: presses, answers, and presses that come twice."""

from __future__ import annotations

import pytest

from sandbox.client import SandboxError
from sandbox.testing import running
from tests.sandbox.robot import Robot, keyboard

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
MENU = keyboard([("Да", "yes"), ("Нет", "no")], [("Сайт", "site")])


def test_a_press_becomes_a_callback_query(robot: Robot, person: int) -> None:
    """docs, CallbackQuery."""
    message = robot.say(person, reply_markup=MENU)
    press = robot.people.press(person, message["message_id"], text="Нет")
    (update,) = robot.updates()
    query = update["callback_query"]

    assert (update["update_id"], query["id"]) == (press["update_id"], press["callback_query_id"])
    assert (query["data"], query["from"]["id"]) == ("no", person)
    assert query["message"]["message_id"] == message["message_id"]
    assert isinstance(query["chat_instance"], str)


def test_only_a_button_that_is_there_can_be_pressed(robot: Robot, person: int) -> None:
    """Ours: a person of the emulator sees what Telegram's app shows."""
    message = robot.say(person, reply_markup=MENU)

    with pytest.raises(SandboxError, match="no button 'maybe'; it has 'Да', 'Нет', 'Сайт'"):
        robot.people.press(person, message["message_id"], data="maybe")


def test_an_old_or_forged_button_can_be_pressed_on_purpose(robot: Robot, person: int) -> None:
    """docs, CallbackQuery: "the message ... can contain no callback buttons with this data"."""
    message = robot.say(person, reply_markup=MENU)
    robot.people.press(person, message["message_id"], data="forged", stale=True)

    assert robot.updates()[0]["callback_query"]["data"] == "forged"


def test_the_answer_reaches_the_person(robot: Robot, person: int) -> None:
    """docs, answerCallbackQuery."""
    query = robot.people.press(person, robot.say(person, reply_markup=MENU)["message_id"], data="yes")
    number = query["callback_query_id"]

    assert robot.people.answers(number)["answered"] is False
    assert robot.ok("answerCallbackQuery", callback_query_id=number, text="готово", show_alert=True) is True
    answered = robot.people.answers(number)
    assert (answered["answered"], answered["text"], answered["show_alert"]) == (True, "готово", True)


def test_a_query_is_answered_once(robot: Robot, person: int) -> None:
    """Client.cpp:146-148, QUERY_ID_INVALID."""
    query = robot.people.press(person, robot.say(person, reply_markup=MENU)["message_id"], data="yes")
    robot.ok("answerCallbackQuery", callback_query_id=query["callback_query_id"])

    again = robot.call("answerCallbackQuery", callback_query_id=query["callback_query_id"])
    assert again.error == (400, TOO_OLD)


def test_an_unknown_query_is_refused(robot: Robot) -> None:
    """Client.cpp:146-148."""
    assert robot.call("answerCallbackQuery", callback_query_id="1").error == (400, TOO_OLD)


def test_an_answer_has_at_most_200_characters(robot: Robot, person: int) -> None:
    """docs, answerCallbackQuery.text."""
    query = robot.people.press(person, robot.say(person, reply_markup=MENU)["message_id"], data="yes")
    number = query["callback_query_id"]

    assert robot.call("answerCallbackQuery", callback_query_id=number, text="x" * 201).error[0] == 400
    assert robot.ok("answerCallbackQuery", callback_query_id=number, text="x" * 200) is True


def test_a_press_that_is_sent_again_is_a_new_update(robot: Robot, person: int) -> None:
    """tdlib/telegram-bot-api#699: a client that lost the answer sends the press again."""
    press = robot.people.press(person, robot.say(person, reply_markup=MENU)["message_id"], data="yes")
    again = robot.people.repress(press["callback_query_id"])
    first, second = robot.updates()

    assert again["update_id"] > press["update_id"]
    assert first["callback_query"]["data"] == second["callback_query"]["data"]
    assert first["callback_query"]["id"] != second["callback_query"]["id"]


def test_a_press_in_a_message_sent_via_the_bot_names_only_its_number(robot: Robot, person: int) -> None:
    """docs, CallbackQuery.inline_message_id."""
    number = robot.people.send_via(person, "one", MENU["inline_keyboard"])
    press = robot.people.press_via(person, number, "yes")
    query = robot.updates()[0]["callback_query"]

    assert (query["inline_message_id"], query["data"]) == (number, "yes")
    assert "message" not in query
    assert robot.ok("answerCallbackQuery", callback_query_id=query["id"]) is True
    robot.people.repress(press["callback_query_id"])
    assert robot.updates()[-1]["callback_query"]["inline_message_id"] == number


def test_an_answer_comes_within_15_seconds() -> None:
    """seen: telegraf#1839, pyTelegramBotAPI#1615."""
    with running() as sandbox:
        robot = Robot(sandbox, 714)
        robot.ok("getMe")
        robot.people.start(1001)
        message = robot.say(1001, reply_markup=MENU)["message_id"]
        first, second = (robot.people.press(1001, message, data="yes")["callback_query_id"] for _ in range(2))
        sandbox.advance(14)
        in_time = robot.call("answerCallbackQuery", callback_query_id=first)
        sandbox.advance(2)
        late = robot.call("answerCallbackQuery", callback_query_id=second)

        assert in_time.result is True
        assert late.error == (400, TOO_OLD)
        robot.close()


def test_a_press_on_a_deleted_message_brings_an_inaccessible_one(robot: Robot, person: int) -> None:
    """docs, InaccessibleMessage: "date: Always 0"."""
    message = robot.say(person, reply_markup=MENU)
    robot.ok("deleteMessage", chat_id=person, message_id=message["message_id"])
    robot.people.press(person, message["message_id"], data="yes", stale=True)

    assert robot.updates()[0]["callback_query"]["message"]["date"] == 0
