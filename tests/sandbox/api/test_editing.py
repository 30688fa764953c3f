"""editMessageText, editMessageReplyMarkup, deleteMessage(s)."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.testing import running
from tests.sandbox.robot import Robot, keyboard

GO = keyboard([("Go", "go")])
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def edit(robot: Robot, message: dict[str, Any], **changes: Any) -> Any:
    where = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
    return robot.call("editMessageText", **(where | changes))


def test_an_edit_answers_with_the_message(robot: Robot, person: int) -> None:
    """docs, editMessageText: "the edited Message is returned"."""
    message = robot.say(person, "one")
    edited = edit(robot, message, text="<b>two</b>", parse_mode="HTML", reply_markup=GO).result

    assert edited["message_id"] == message["message_id"]
    assert (edited["text"], edited["reply_markup"]) == ("two", GO)
    assert edited["edit_date"] >= message["date"]


def test_the_person_sees_one_edited_message(robot: Robot, person: int) -> None:
    """docs, "Updating messages": the message is changed in place."""
    message = robot.say(person, "one")
    edit(robot, message, text="two")
    shown = robot.people.last(person)

    assert shown is not None
    assert (shown["text"], shown["edits"], shown["edited"]) == ("two", 1, True)


@pytest.mark.parametrize("markup", [{}, {"reply_markup": GO}])
def test_an_edit_that_changes_nothing_is_refused(robot: Robot, person: int, markup: dict[str, Any]) -> None:
    """Client.cpp:108-111."""
    message = robot.say(person, "one", **markup)

    assert edit(robot, message, text="one", **markup).error == (400, SAME)


def test_leaving_the_keyboard_out_takes_it_away(robot: Robot, person: int) -> None:
    """docs, editMessageText.reply_markup."""
    message = robot.say(person, "one", reply_markup=GO)

    assert "reply_markup" not in edit(robot, message, text="one").result


def test_a_keyboard_can_be_edited_alone(robot: Robot, person: int) -> None:
    """docs, editMessageReplyMarkup."""
    message = robot.say(person, "<b>one</b>", parse_mode="HTML")
    where = {"chat_id": person, "message_id": message["message_id"]}
    edited = robot.ok("editMessageReplyMarkup", **where, reply_markup=GO)

    assert (edited["text"], edited["entities"], edited["reply_markup"]) == ("one", message["entities"], GO)
    assert robot.call("editMessageReplyMarkup", **where, reply_markup=GO).error == (400, SAME)


def test_a_missing_message_cannot_be_edited(robot: Robot, person: int) -> None:
    """Client.cpp:8420."""
    answer = robot.call("editMessageText", chat_id=person, message_id=999_999, text="x")

    assert answer.error == (400, "Bad Request: message to edit not found")


def test_a_persons_message_cannot_be_edited(robot: Robot, person: int) -> None:
    """td MessagesManager.cpp:23386."""
    theirs = robot.people.send_text(person, "mine")["message"]

    assert edit(robot, theirs, text="yours").error == (400, "Bad Request: message can't be edited")


def test_an_edit_is_checked_like_a_message(robot: Robot, person: int) -> None:
    """Client.cpp:13503: the same get_input_message_text."""
    message = robot.say(person)

    assert edit(robot, message, text="").error == (400, "Bad Request: message text is empty")
    assert edit(robot, message, text="x" * 4097).error == (400, "Bad Request: message is too long")


def test_a_message_sent_via_the_bot_is_edited_without_an_answer(robot: Robot, person: int) -> None:
    """docs, editMessageText: "if the edited message is not an inline message, the edited Message is returned, otherwise
    True"; Client.cpp:13510, 6367.
    """
    number = robot.people.send_via(person, "one", GO["inline_keyboard"])

    assert robot.ok("editMessageText", inline_message_id=number, text="two", reply_markup=GO) is True
    assert robot.people.inline_message(number)["text"] == "two"
    again = robot.call("editMessageText", inline_message_id=number, text="two", reply_markup=GO)
    assert again.error == (400, SAME)


@pytest.mark.parametrize(
    ("number", "refusal"),
    [("", "message identifier is not specified"), ("x", "invalid inline message identifier specified")],
)
def test_an_unknown_message_via_the_bot_cannot_be_edited(robot: Robot, number: str, refusal: str) -> None:
    """Client.cpp:12443; td InlineMessageManager.cpp:76."""
    answer = robot.call("editMessageText", inline_message_id=number, text="x")

    assert answer.error == (400, f"Bad Request: {refusal}")


def test_messages_of_48_hours_cannot_be_deleted() -> None:
    """docs, deleteMessage: "only be deleted if it was sent less than 48 hours ago"; td MessagesManager.cpp:8504."""
    with running() as sandbox:
        robot = Robot(sandbox, 713)
        robot.ok("getMe")
        robot.people.start(1001)
        old, edited = robot.say(1001), robot.say(1001)
        sandbox.advance(48 * 3600 + 1)

        answer = robot.call("deleteMessage", chat_id=1001, message_id=old["message_id"])
        assert answer.error == (400, "Bad Request: message can't be deleted")
        assert edit(robot, edited, text="edited at any time").result
        robot.close()


def test_a_blocked_bot_cannot_edit(robot: Robot, person: int) -> None:
    """Client.cpp:125-127, USER_IS_BLOCKED."""
    message = robot.say(person)
    robot.people.block(person)

    assert edit(robot, message, text="x").error == (403, "Forbidden: bot was blocked by the user")


def test_a_deleted_message_vanishes(robot: Robot, person: int) -> None:
    """docs, deleteMessage."""
    message = robot.say(person, "gone soon")
    where = {"chat_id": person, "message_id": message["message_id"]}

    assert robot.ok("deleteMessage", **where) is True
    assert robot.people.messages(person)[-1]["deleted"] is True
    assert robot.call("deleteMessage", **where).error == (400, "Bad Request: message to delete not found")
    assert edit(robot, message, text="x").error == (400, "Bad Request: message to edit not found")


def test_many_are_deleted_and_the_missing_skipped(robot: Robot, person: int) -> None:
    """docs, deleteMessages: "If some of the specified messages can't be found, they are skipped"."""
    numbers = [robot.say(person)["message_id"] for _ in range(2)]

    assert robot.ok("deleteMessages", chat_id=person, message_ids=[*numbers, 999_999]) is True
    assert robot.people.last(person) is None


@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [
        ("", "message identifiers are not specified"),
        ("5", "expected an Array of message identifiers"),
        ([1] * 101, "too many message identifiers specified"),
        ([None], "message identifier must be a Number"),
        (["x"], "can't parse message identifier as a Number"),
        ([0], "invalid message identifier specified"),
    ],
)
def test_what_to_delete_together_must_be_numbers(robot: Robot, person: int, numbers: Any, refusal: str) -> None:
    """Client.cpp:12403-12440."""
    answer = robot.call("deleteMessages", chat_id=person, message_ids=numbers)

    assert answer.error == (400, f"Bad Request: {refusal}")


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"message_id": 1}, "chat identifier is not specified"),  # Client.cpp:13797
        ({"chat_id": 1}, "message identifier is not specified"),  # Client.cpp:13801
    ],
)
def test_what_to_delete_must_be_named(robot: Robot, parameters: dict[str, Any], refusal: str) -> None:
    """Client.cpp:13797, 13801."""
    assert robot.call("deleteMessage", **parameters).error == (400, f"Bad Request: {refusal}")
