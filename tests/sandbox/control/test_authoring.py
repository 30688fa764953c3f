"""What people do with messages besides sending texts: change, forward, delete; places and stickers."""

from __future__ import annotations

import pytest

from sandbox.client import SandboxError
from tests.sandbox.images import png
from tests.sandbox.robot import Robot

GROUP = -700_123


def test_a_caption_can_be_changed_and_taken_away(robot: Robot, person: int) -> None:
    """docs, Update.edited_message: "New version of a message"; the file stays."""
    sent = robot.sandbox.send_file(person, "photo", png(), "a.png", "image/png", caption="старая", bot=robot.name)
    number = sent["message"]["message_id"]
    edited = robot.sandbox.edit_text(person, number, "новая /x", bot=robot.name)["edited_message"]
    bare = robot.sandbox.edit_text(person, number, "", bot=robot.name)["edited_message"]

    assert (edited["caption"], len(edited["caption_entities"])) == ("новая /x", 1)
    assert ("caption" in bare, "caption_entities" in bare, bare["photo"]) == (False, False, sent["message"]["photo"])


def test_nobody_changes_what_somebody_else_wrote(robot: Robot, person: int) -> None:
    message = robot.say(person, "мой текст")

    with pytest.raises(SandboxError, match="is not of Дима"):
        robot.sandbox.edit_text(person, message["message_id"], "чужой", bot=robot.name)


def test_a_place_has_no_words_to_change(robot: Robot, person: int) -> None:
    number = robot.sandbox.share_location(person, 32.08, 34.78, bot=robot.name)["message"]["message_id"]

    with pytest.raises(SandboxError, match="no words"):
        robot.sandbox.edit_text(person, number, "x", bot=robot.name)


def test_a_forwarded_message_says_who_wrote_it(robot: Robot, person: int) -> None:
    """docs, Message.forward_origin and MessageOriginUser; a message forwarded twice keeps its first origin."""
    original = robot.say(person, "<b>Готов</b>", parse_mode="HTML", reply_markup={"inline_keyboard": []})
    once = robot.sandbox.forward(person, original["message_id"], bot=robot.name)["message"]
    twice = robot.sandbox.forward(person, once["message_id"], bot=robot.name)["message"]

    assert (once["text"], once["entities"]) == (original["text"], original["entities"])
    assert once["forward_origin"]["sender_user"]["is_bot"] is True
    assert once["forward_origin"] == twice["forward_origin"]
    assert robot.people.messages(person)[-1]["forwarded_from"] == original["from"]["first_name"]


def test_a_message_is_forwarded_into_a_group(robot: Robot, person: int) -> None:
    robot.sandbox.add_group(GROUP, "Цех")
    number = robot.people.send_text(person, "нужен фильтр")["message"]["message_id"]
    there = robot.sandbox.forward(person, number, to=GROUP, bot=robot.name)["message"]

    assert (there["chat"]["id"], there["from"]["id"]) == (GROUP, person)


def test_what_a_person_deletes_is_gone_for_the_bot(robot: Robot, person: int) -> None:
    """docs: no update tells of it. An edit of the deleted message is refused (Client.cpp, "message to edit")."""
    message = robot.say(person, "лишнее")
    robot.confirm_all()
    robot.sandbox.delete_message(person, message["message_id"], bot=robot.name)

    assert robot.people.last(person) is None
    assert robot.updates() == []
    assert robot.call("editMessageText", chat_id=person, message_id=message["message_id"], text="x").status == 400


def test_in_a_group_only_ones_own_is_deleted(robot: Robot, person: int) -> None:
    robot.sandbox.add_group(GROUP, "Цех")
    theirs = robot.say(GROUP, "от бота")["message_id"]
    with pytest.raises(SandboxError, match="is not of"):
        robot.sandbox.delete_message(person, theirs, chat=GROUP, bot=robot.name)
    mine = robot.sandbox.send_text(person, "моё", chat=GROUP, bot=robot.name)["message"]["message_id"]
    robot.sandbox.delete_message(person, mine, chat=GROUP, bot=robot.name)

    assert [m["deleted"] for m in robot.people.messages(GROUP) if m["message_id"] in (theirs, mine)] == [False, True]


def test_a_place_and_a_sticker_arrive(robot: Robot, person: int) -> None:
    """docs, Location and Sticker."""
    robot.sandbox.share_location(person, 32.08, 34.78, bot=robot.name)
    robot.sandbox.send_sticker(person, "👍", bot=robot.name)
    place, sticker = (update["message"] for update in robot.updates())

    assert place["location"] == {"latitude": 32.08, "longitude": 34.78}
    assert (sticker["sticker"]["emoji"], sticker["sticker"]["type"]) == ("👍", "regular")
    assert robot.ok("getFile", file_id=sticker["sticker"]["file_id"])["file_path"].startswith("stickers/")


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, -180.5)])
def test_a_place_is_on_earth(robot: Robot, person: int, latitude: float, longitude: float) -> None:
    with pytest.raises(SandboxError, match="latitude up to 90"):
        robot.sandbox.share_location(person, latitude, longitude, bot=robot.name)


def test_a_start_by_a_link_is_marked(robot: Robot, person: int) -> None:
    """The apps show "/start" and hide the payload; the bot gets all of it."""
    robot.people.start(person, "join_42")
    robot.people.send_text(person, "/start by hand")
    link, hand = robot.people.messages(person)[-2:]

    assert (link["text"], link.get("opens_link"), hand.get("opens_link")) == ("/start join_42", True, None)
