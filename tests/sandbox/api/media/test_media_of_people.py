"""Photos, voice notes, contacts and albums that people send."""

from __future__ import annotations

import pytest

from sandbox.client import Sandbox, SandboxError
from tests.sandbox.api.media.uploads import download
from tests.sandbox.images import png, wav
from tests.sandbox.robot import Robot

# From people


def test_people_send_photos_voice_notes_and_contacts(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, Message.photo, Message.voice and Contact.user_id."""
    emulator.send_file(person, "photo", png(), "a.png", "image/png", caption="вот", bot=robot.name)
    emulator.send_file(person, "voice", wav(), "a.oga", "audio/ogg", duration=3, bot=robot.name)
    emulator.share_contact(person, "+79990000000", bot=robot.name)
    picture, voice, contact = (update["message"] for update in robot.updates())

    assert (picture["caption"], picture["photo"][0]["width"]) == ("вот", 8)
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (3, "audio/ogg")
    assert contact["contact"]["user_id"] == person
    got = robot.ok("getFile", file_id=voice["voice"]["file_id"])
    assert download(robot, got["file_path"]).data == wav()


def test_people_send_albums(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, Message.media_group_id: one message and one update for each file; the caption stands with the first."""
    emulator.send_album(person, [png(8, 8 + n) for n in range(3)], caption="три", bot=robot.name)
    messages = [update["message"] for update in robot.updates()]

    assert len(messages) == 3
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["три", None, None]
    assert [message["photo"][0]["height"] for message in messages] == [8, 9, 10]


def test_people_answer_with_a_photo(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, Message.reply_to_message."""
    question = robot.say(person, "Фото?")["message_id"]
    emulator.send_file(person, "photo", png(), "a.png", "image/png", "/вот @felix", bot=robot.name, reply_to=question)
    message = robot.updates()[0]["message"]

    assert message["reply_to_message"]["message_id"] == question
    assert message["caption_entities"][0]["type"] == "mention"


def test_people_send_files_to_groups(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, Message.chat and Message.from."""
    emulator.add_group(-person, "Станция")
    emulator.send_file(person, "voice", wav(), "a.oga", "audio/ogg", duration=2, chat=-person, bot=robot.name)
    message = robot.updates()[0]["message"]

    assert (message["chat"]["type"], message["from"]["id"]) == ("group", person)


def test_a_caption_of_a_person_has_its_length_too(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, sendPhoto.caption: 1024 characters."""
    with pytest.raises(SandboxError, match="at most 1024"):
        emulator.send_file(person, "photo", png(), "a.png", "image/png", "x" * 1025, bot=robot.name)


def test_people_cannot_send_nonsense_as_a_photo(robot: Robot, person: int, emulator: Sandbox) -> None:
    """Ours: Telegram's app would not let them."""
    with pytest.raises(SandboxError, match="no picture"):
        emulator.send_file(person, "photo", b"x", bot=robot.name)
