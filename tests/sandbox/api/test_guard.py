"""Which requests the emulator serves: those of this machine's programs and of its own page.

Ours: the real server is on the internet and needs no such thing. A page that a developer visits could otherwise make
bots, read their chats and have requests sent into the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import urllib3

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.sandbox.robot import Robot

BOT = "bot777000:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
PATHS = [f"/{BOT}/getMe", f"/file/{BOT}/photos/1.jpg", "/sandbox/state", "/sandbox/events"]
OWN = [
    {},  # a bot's library sends neither Origin nor Sec-Fetch-Site
    {"Host": "localhost"},
    {"Host": "LOCALHOST.:8090"},
    {"Host": "felix.localhost:8090"},
    {"Host": "127.0.0.53:8090"},
    {"Host": "[::1]:8090"},
    {"Host": "[::1]"},
    {"Host": "[::ffff:127.0.0.1]:8090"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Host": "127.0.0.1:8090", "Origin": "http://127.0.0.1:8090"},
]
FOREIGN = [
    {"Host": "evil.example"},  # DNS rebinding
    {"Host": "evil.example:8090"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "localhost.evil.example"},
    {"Host": "10.0.0.5:8090"},
    {"Host": "[fd00::5]:8090"},
    {"Host": "emulator:8090"},  # a container's name: that is what --expose is for
    {"Host": "127.0.0.1@evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # another port of this machine
    {"Origin": "http://evil.example"},  # a browser that does not say Sec-Fetch-Site
    {"Origin": "null"},
    {"Host": "127.0.0.1:8090", "Origin": "http://127.0.0.1:8091"},
]


def status(emulator: Sandbox, path: str, head: dict[str, str]) -> int:
    answer = urllib3.request("GET", emulator.url + path, headers=head, retries=False, preload_content=False)
    answer.close()
    return answer.status


@pytest.mark.parametrize("head", OWN, ids=str)
def test_programs_and_the_own_page_are_served(emulator: Sandbox, head: dict[str, str]) -> None:
    assert {path: status(emulator, path, head) for path in PATHS} == dict(zip(PATHS, (200, 404, 200, 200), strict=True))


@pytest.mark.parametrize("head", FOREIGN, ids=str)
def test_other_sites_and_hosts_are_not(emulator: Sandbox, head: dict[str, str]) -> None:
    assert {status(emulator, path, head) for path in PATHS} == {403}


def test_a_page_of_another_site_makes_no_bot(emulator: Sandbox) -> None:
    unknown = "777001:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
    refused = urllib3.request("GET", f"{emulator.url}/bot{unknown}/getMe", headers={"Sec-Fetch-Site": "cross-site"})
    assert json.loads(refused.data) == {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: requests of other sites are refused",
    }
    assert 777001 not in {bot["id"] for bot in emulator.get("/state")["bots"]}


@pytest.mark.parametrize("path", ["/", "/t.me/first_bot?start=x", "/static/chat.js"])
def test_a_link_to_the_chat_page_works_from_anywhere(emulator: Sandbox, path: str) -> None:
    """The desk's links lead there from another port."""
    assert status(emulator, path, {"Sec-Fetch-Site": "same-site"}) in (200, 404)
    assert status(emulator, path, {"Host": "evil.example"}) == 403


@pytest.fixture(scope="module")
def exposed() -> Iterator[Sandbox]:
    with running(args=["--host", "0.0.0.0", "--expose"]) as sandbox:
        yield sandbox


def test_an_exposed_one_has_any_name_but_serves_no_other_site(exposed: Sandbox) -> None:
    assert status(exposed, f"/{BOT}/getMe", {"Host": "emulator:8090"}) == 200
    assert status(exposed, f"/{BOT}/getMe", {"Sec-Fetch-Site": "cross-site"}) == 403


LOOPBACK = [
    "http://127.0.0.1:9/hook",
    "http://localhost:9/",
    "http://[::1]:9/",
    "http://127.9.9.9:9/",
    "http://a.localhost/",
]
PRIVATE = [
    "http://10.0.0.5/hook",
    "http://192.168.1.1:8080/",
    "http://[fd00::5]/",
    "http://web:8080/",
    "http://nas.local/",
]
NEVER = [
    "http://169.254.169.254/",  # where clouds keep credentials of the machine
    "http://0.0.0.0/",
    "http://[::ffff:169.254.169.254]/",
    "http://8.8.8.8/",
    "https://example.com/hook",
]


@pytest.mark.parametrize("url", LOOPBACK)
def test_a_webhook_may_be_on_this_machine(robot: Robot, url: str) -> None:
    """Ours: Telegram refuses it."""
    assert robot.ok("setWebhook", url=url) is True


@pytest.mark.parametrize("url", [*PRIVATE, *NEVER, "http://[::ffff:10.0.0.5]/", "http://2130706433/"])
def test_a_webhook_on_a_private_network_is_refused_as_telegram_does(robot: Robot, url: str) -> None:
    """docs, bots/webhooks: no address of a private network. seen: "bad webhook: IP address … is reserved"."""
    code, description = robot.call("setWebhook", url=url).error
    assert (code, "this is an emulator" in description) == (400, True)


def test_one_that_is_exposed_delivers_to_private_networks_and_no_further(exposed: Sandbox) -> None:
    """Ours: the bot is a container or a machine beside it."""
    robot = Robot(exposed, 707)
    assert [robot.call("setWebhook", url=url).status for url in PRIVATE] == [200] * len(PRIVATE)
    assert [robot.call("setWebhook", url=url).status for url in NEVER] == [400] * len(NEVER)
    robot.close()
