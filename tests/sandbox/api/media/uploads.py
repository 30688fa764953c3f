"""Photos for a bot to send, and downloads."""

from __future__ import annotations

from typing import Any

import urllib3

from tests.sandbox.images import png
from tests.sandbox.robot import Robot

BAD = "Bad Request: "
PNG = ("bay.png", png(), "image/png")


def photo(robot: Robot, person: int, **more: Any) -> dict[str, Any]:
    sent: dict[str, Any] = robot.multipart("sendPhoto", chat_id=person, photo=PNG, **more).result
    return sent


def download(robot: Robot, path: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", f"{robot.sandbox.url}/file/bot{robot.token}/{path}", retries=False)


# Albums


def album(*kinds: str) -> list[dict[str, str]]:
    return [{"type": kind, "media": "attach://it", "caption": f"{number}"} for number, kind in enumerate(kinds)]
