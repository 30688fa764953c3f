"""Getting a file: its link, how long it lasts, what cannot be fetched."""

from __future__ import annotations

import pytest
import urllib3

from sandbox.client import Sandbox
from sandbox.telegram.pictures import picture_size
from sandbox.testing import running
from tests.sandbox.api.media.uploads import BAD, download, photo
from tests.sandbox.images import png
from tests.sandbox.robot import Robot


def test_a_file_is_fetched_by_a_link(robot: Robot, person: int) -> None:
    """docs, File: https://api.telegram.org/file/bot<token>/<file_path>."""
    file = robot.ok("getFile", file_id=photo(robot, person)["photo"][0]["file_id"])
    answer = download(robot, file["file_path"])

    assert file["file_size"] == len(png())
    assert (answer.status, answer.data) == (200, png())


def test_a_link_ends_after_an_hour() -> None:
    """docs, getFile: "guaranteed to be valid for at least 1 hour"."""
    with running() as sandbox:
        robot = Robot(sandbox, 812)
        robot.ok("getMe")
        robot.people.start(1001)
        file_id = photo(robot, 1001)["photo"][0]["file_id"]
        path = robot.ok("getFile", file_id=file_id)["file_path"]
        sandbox.advance(3601)

        assert download(robot, path).status == 404
        assert download(robot, robot.ok("getFile", file_id=file_id)["file_path"]).status == 200
        robot.close()


def test_files_over_20_megabytes_cannot_be_fetched(robot: Robot, person: int) -> None:
    """Client.cpp:15817."""
    robot.sandbox.send_file(person, "document", bytes(20 * 1024 * 1024 + 1), name="big.bin", bot=robot.name)
    document = robot.updates()[0]["message"]["document"]

    assert robot.call("getFile", file_id=document["file_id"]).error == (400, BAD + "file is too big")


@pytest.mark.parametrize(("file_id", "refusal"), [("", "file_id not specified"), ("x", "invalid file_id")])
def test_an_unknown_file_cannot_be_fetched(robot: Robot, file_id: str, refusal: str) -> None:
    """Client.cpp:8366, 6857."""
    assert robot.call("getFile", file_id=file_id).error == (400, BAD + refusal)


def test_a_download_can_be_disturbed(robot: Robot, person: int) -> None:
    """Ours: a fault of the method "file"."""
    path = robot.ok("getFile", file_id=photo(robot, person)["photo"][0]["file_id"])["file_path"]
    robot.sandbox.faults.add("file", action="500")

    assert download(robot, path).status == 500
    assert download(robot, path).status == 200


def test_a_broken_download_and_a_broken_picture(robot: Robot, person: int, emulator: Sandbox) -> None:
    """Ours: what a bot must live with, half a download and a picture that ends in the middle."""
    whole = png(300, 200)
    emulator.send_file(person, "photo", whole[: len(whole) // 2], "a.png", "image/png", bot=robot.name)
    photo = robot.updates()[0]["message"]["photo"][-1]
    path = robot.ok("getFile", file_id=photo["file_id"])["file_path"]
    emulator.faults.add("file", action="truncated")

    with pytest.raises(urllib3.exceptions.HTTPError):
        download(robot, path)
    assert download(robot, path).data == whole[: len(whole) // 2]


def test_a_document_may_pretend_to_be_anything(robot: Robot, person: int, emulator: Sandbox) -> None:
    """docs, Document.mime_type: "as defined by the sender"."""
    emulator.send_file(person, "document", b"MZ\x90", "фото.jpg", "image/jpeg", bot=robot.name)
    document = robot.updates()[0]["message"]["document"]

    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("фото.jpg", "image/jpeg", 3)


# Sizes in pixels, and the menu button


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (png(300, 200), (300, 200)),
        (b"GIF89a\x0a\x00\x14\x00" + bytes(10), (10, 20)),
        (b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x11\x08\x00\x14\x00\x0a\x03" + bytes(9), (10, 20)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x09\0\0\x13\0\0", (10, 20)),
        (b"BM" + bytes(16) + b"\x0a\0\0\0\x14\0\0\0", (10, 20)),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_the_size_is_read_from_the_first_bytes(head: bytes, size: tuple[int, int] | None) -> None:
    """docs, PhotoSize.width and PhotoSize.height."""
    assert picture_size(head) == size
