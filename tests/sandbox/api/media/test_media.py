"""Photos, documents, voice notes and albums that a bot sends, copies, edits and forwards."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.client import Sandbox
from sandbox.telegram.pictures import picture_size
from tests.sandbox.api.media.uploads import BAD, PNG, album, download, photo
from tests.sandbox.images import png, wav
from tests.sandbox.robot import Robot


def test_a_photo_has_its_size_in_pixels(robot: Robot, person: int) -> None:
    """docs, PhotoSize."""
    (size,) = photo(robot, person, caption="<b>Бей 3</b>", parse_mode="HTML")["photo"]

    assert (size["width"], size["height"], size["file_size"]) == (8, 6, len(png()))
    assert size["file_id"] != size["file_unique_id"]


def test_a_caption_has_its_entities(robot: Robot, person: int) -> None:
    """docs, Message.caption_entities."""
    sent = photo(robot, person, caption="<b>Бей 3</b>", parse_mode="HTML")

    assert (sent["caption"], sent["caption_entities"]) == ("Бей 3", [{"type": "bold", "offset": 0, "length": 5}])


def test_a_caption_has_at_most_1024_characters(robot: Robot, person: int) -> None:
    """td MessageContent.cpp:5242."""
    answer = robot.multipart("sendPhoto", chat_id=person, photo=PNG, caption="x" * 1025)

    assert answer.error == (400, BAD + "message caption is too long")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),  # docs: 10000 together
        (png(210, 10), "PHOTO_INVALID_DIMENSIONS"),  # docs: ratio 20
    ],
)
def test_what_is_no_photo_is_refused(robot: Robot, person: int, data: bytes, refusal: str) -> None:
    """docs, sendPhoto: 10000 pixels together, ratio 20; seen: the two codes."""
    answer = robot.multipart("sendPhoto", chat_id=person, photo=("x.png", data, "image/png"))

    assert answer.error == (400, BAD + refusal)


def test_a_file_can_be_attached_under_another_name(robot: Robot, person: int) -> None:
    """docs, InputFile: attach://<file_attach_name>."""
    assert robot.multipart("sendDocument", chat_id=person, document="attach://it", it=PNG).result["document"]


def test_a_file_id_can_be_used_again_by_its_bot_only(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, "Sending files": "file_id is unique for each individual bot"."""
    file = photo(robot, person)["photo"][0]
    again = robot.ok("sendPhoto", chat_id=person, photo=file["file_id"])["photo"][0]
    other = Robot(emulator, 811)
    other.ok("getMe")
    other.people.start(person)

    assert (again["file_id"], again["file_unique_id"]) == (file["file_id"], file["file_unique_id"])
    refused = other.call("sendPhoto", chat_id=person, photo=file["file_id"])
    assert refused.error == (400, BAD + "wrong file identifier/HTTP URL specified")
    other.close()


@pytest.mark.parametrize(
    ("photo", "refusal"),
    [
        ("", "there is no photo in the request"),  # Client.cpp:12977
        ("attach://nothing", "there is no photo in the request"),
        ("nonsense", "wrong file identifier/HTTP URL specified"),  # td MessagesManager.cpp:27975
        ("https://example.com/x.png", "failed to get HTTP URL content"),  # Client.cpp:115: nothing is fetched here
    ],
)
def test_a_photo_must_be_found(robot: Robot, person: int, photo: str, refusal: str) -> None:
    """Client.cpp:12977, 115; td MessagesManager.cpp:27975."""
    assert robot.call("sendPhoto", chat_id=person, photo=photo).error == (400, BAD + refusal)


def test_a_large_photo_has_a_small_size_first(robot: Robot, person: int) -> None:
    """docs, Message.photo: "available sizes of the photo"; the largest is the last."""
    small, large = robot.multipart("sendPhoto", chat_id=person, photo=("a.png", png(400, 300), "image/png")).result[
        "photo"
    ]
    path = robot.ok("getFile", file_id=small["file_id"])["file_path"]

    assert [(size["width"], size["height"]) for size in (small, large)] == [(90, 67), (400, 300)]
    assert small["file_unique_id"] != large["file_unique_id"]
    assert picture_size(download(robot, path).data) == (90, 67)


@pytest.mark.parametrize(
    ("sent", "wanted", "refusal"),
    [
        ("photo", "document", "can't use file of type Photo as Document"),
        ("document", "photo", "can't use file of type Document as Photo"),
        ("voice", "photo", "can't use file of type VoiceNote as Photo"),
    ],
)
def test_a_photo_is_no_document(robot: Robot, person: int, sent: str, wanted: str, refusal: str) -> None:
    """td FileManager.cpp:4038-4044."""
    message = robot.multipart(f"send{sent.capitalize()}", chat_id=person, **{sent: PNG}).result
    file = message["photo"][-1] if sent == "photo" else message[sent]
    answer = robot.call(f"send{wanted.capitalize()}", chat_id=person, **{wanted: file["file_id"]})

    assert answer.error == (400, BAD + refusal)


def test_a_voice_note_may_be_sent_again_as_a_document(robot: Robot, person: int) -> None:
    """td FileManager.cpp:4039: documents, videos, music and voice notes are one class."""
    voice = robot.multipart("sendVoice", chat_id=person, voice=("a.oga", wav(), "audio/ogg")).result["voice"]

    assert robot.ok("sendDocument", chat_id=person, document=voice["file_id"])["document"]


def test_a_photo_has_at_most_10_megabytes(robot: Robot, person: int) -> None:
    """td PhotoSize.cpp:437; docs, sendPhoto."""
    huge = png() + bytes(10 * 1024 * 1024)
    answer = robot.multipart("sendPhoto", chat_id=person, photo=("x.png", huge, "image/png"))

    assert answer.error == (400, BAD + "size of the photo is too big")


@pytest.mark.parametrize(
    ("method", "kind", "fields"),
    [
        ("sendDocument", "document", {"file_name", "mime_type"}),
        ("sendVoice", "voice", {"duration", "mime_type"}),
        ("sendVideo", "video", {"duration", "width", "height", "file_name", "mime_type"}),
        ("sendAudio", "audio", {"duration", "file_name", "mime_type"}),
    ],
)
def test_other_kinds_of_files(robot: Robot, person: int, method: str, kind: str, fields: set[str]) -> None:
    """docs, Document, Voice, Video, Audio."""
    sent = robot.multipart(method, chat_id=person, **{kind: ("a.wav", wav(), "audio/wav")}).result[kind]

    assert fields | {"file_id", "file_unique_id", "file_size"} == set(sent)


def test_an_album_is_several_messages_with_one_group(robot: Robot, person: int) -> None:
    """docs, sendMediaGroup: "an array of Messages"."""
    sent = robot.multipart("sendMediaGroup", chat_id=person, media=album("photo", "photo"), it=PNG).result

    assert [message["caption"] for message in sent] == ["0", "1"]
    assert len({message["media_group_id"] for message in sent}) == 1
    assert len({message["message_id"] for message in sent}) == 2


@pytest.mark.parametrize(
    ("media", "refusal"),
    [
        ([], "there are no messages to send"),  # td MessageContent.cpp:5332
        (album(*["photo"] * 11), "too many messages to send as an album"),  # td MessageContent.cpp:5329
        (album("photo", "document"), "can't use the media of the specified type in the album"),  # Client.cpp:119
        (album("sticker"), "can't parse InputMedia: invalid type specified"),  # Client.cpp:11803
        ([{"type": "photo"}], "can't parse InputMedia: media not found"),  # Client.cpp:11695
        ([{"type": "photo", "media": "attach://x"}], "can't parse InputMedia: media not found"),
        ("", 'parameter "media" is required'),  # Client.cpp:12370
        ({"type": "photo"}, "expected an Array of InputMedia"),  # Client.cpp:11856
    ],
)
def test_bad_albums_are_refused(robot: Robot, person: int, media: Any, refusal: str) -> None:
    """td MessageContent.cpp:5329, 5332; Client.cpp:118, 11695, 11803, 11856, 12370."""
    assert robot.multipart("sendMediaGroup", chat_id=person, media=media, it=PNG).error == (400, BAD + refusal)


# Changing and copying


def test_a_caption_can_be_edited(robot: Robot, person: int) -> None:
    """docs, editMessageCaption."""
    where = {"chat_id": person, "message_id": photo(robot, person, caption="one")["message_id"]}

    assert robot.ok("editMessageCaption", **where, caption="two")["caption"] == "two"
    code, text = robot.call("editMessageCaption", **where, caption="two").error
    assert (code, text.startswith(BAD + "message is not modified")) == (400, True)
    assert "caption" not in robot.ok("editMessageCaption", **where)


def test_text_has_no_caption_and_a_photo_no_text(robot: Robot, person: int) -> None:
    """td MessagesManager.cpp:23393, 23687."""
    text, picture = robot.say(person)["message_id"], photo(robot, person)["message_id"]
    wrong = robot.call("editMessageCaption", chat_id=person, message_id=text, caption="x")
    other = robot.call("editMessageText", chat_id=person, message_id=picture, text="x")

    assert wrong.error == (400, BAD + "there is no caption in the message to edit")
    assert other.error == (400, BAD + "there is no text in the message to edit")


def test_a_file_can_be_replaced(robot: Robot, person: int) -> None:
    """docs, editMessageMedia."""
    message = photo(robot, person, caption="one")
    media = {"type": "photo", "media": "attach://it", "caption": "two"}
    changed = robot.multipart(
        "editMessageMedia",
        chat_id=person,
        message_id=message["message_id"],
        media=media,
        it=("b.png", png(9, 9), "image/png"),
    ).result

    assert (changed["caption"], changed["photo"][0]["width"]) == ("two", 9)


def test_a_message_can_be_copied_with_another_caption(robot: Robot, person: int) -> None:
    """docs, copyMessage: "Returns the MessageId"."""
    source = photo(robot, person, caption="one")["message_id"]
    copied = robot.ok("copyMessage", chat_id=person, from_chat_id=person, message_id=source, caption="two")
    shown = robot.people.last(person)

    assert set(copied) == {"message_id"}
    assert shown is not None
    assert (shown["message_id"], shown["text"], shown["media"]["kind"]) == (copied["message_id"], "two", "photo")


def test_a_missing_message_cannot_be_copied(robot: Robot, person: int) -> None:
    """Client.cpp:13252."""
    answer = robot.call("copyMessage", chat_id=person, from_chat_id=person, message_id=999_999)

    assert answer.error == (400, BAD + "message to copy not found")


def test_a_forwarded_message_tells_its_origin(robot: Robot, person: int) -> None:
    """docs, MessageOriginUser."""
    source = robot.say(person, "look")["message_id"]
    forwarded = robot.ok("forwardMessage", chat_id=person, from_chat_id=person, message_id=source)

    assert (forwarded["text"], forwarded["forward_origin"]["type"]) == ("look", "user")


def test_the_menu_button_is_kept_per_person(robot: Robot, person: int) -> None:
    """docs, setChatMenuButton."""
    button = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.com"}}
    robot.ok("setChatMenuButton", chat_id=person, menu_button=json.dumps(button))

    assert robot.ok("getChatMenuButton", chat_id=person) == button
    assert robot.ok("getChatMenuButton") == {"type": "commands"}
    assert robot.call("setChatMenuButton", menu_button={"type": "x"}).status == 400
