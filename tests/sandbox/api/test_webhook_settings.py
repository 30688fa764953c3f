"""setWebhook, deleteWebhook, getWebhookInfo. Source: Client.cpp:15727-15795, 15990-16070, 5945-5985."""

from __future__ import annotations

import pytest

from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Robot


def test_without_a_webhook_the_url_is_empty(robot: Robot) -> None:
    """docs, WebhookInfo.url."""
    assert robot.ok("getWebhookInfo") == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


def test_a_webhook_is_set_once_and_described(robot: Robot, receiver: Receiver) -> None:
    """Client.cpp:15758-15770, 15877."""
    first = robot.call("setWebhook", url=receiver.url)
    second = robot.call("setWebhook", url=receiver.url)

    assert first.body == {"ok": True, "result": True, "description": "Webhook was set"}
    assert second.body["description"] == "Webhook is already set"


def test_what_was_set_can_be_read_but_not_the_secret(robot: Robot, receiver: Receiver) -> None:
    """docs, WebhookInfo; Client.cpp:5945-5985."""
    robot.ok("setWebhook", url=receiver.url, secret_token="s3cret", max_connections=7, allowed_updates=["message"])
    info = robot.ok("getWebhookInfo")

    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (receiver.url, 7, ["message"])
    assert "s3cret" not in str(info)


def test_max_connections_is_40_unless_said(robot: Robot, receiver: Receiver) -> None:
    """docs, setWebhook.max_connections."""
    robot.ok("setWebhook", url=receiver.url)

    assert robot.ok("getWebhookInfo")["max_connections"] == 40


def test_allowed_updates_left_out_stay_as_they_were(robot: Robot, receiver: Receiver) -> None:
    """docs, setWebhook.allowed_updates."""
    robot.ok("setWebhook", url=receiver.url, allowed_updates=["message"])
    robot.ok("setWebhook", url=receiver.url + "2")

    assert robot.ok("getWebhookInfo")["allowed_updates"] == ["message"]


@pytest.mark.parametrize(
    ("secret", "refusal"),
    [
        ("x" * 257, "secret token is too long"),  # Client.cpp:16020
        ("ключ", "secret token contains unallowed characters"),  # Client.cpp:16023
        ("a b", "secret token contains unallowed characters"),
    ],
)
def test_the_secret_has_its_alphabet(robot: Robot, receiver: Receiver, secret: str, refusal: str) -> None:
    """Client.cpp:16020, 16023; docs, setWebhook.secret_token."""
    answer = robot.call("setWebhook", url=receiver.url, secret_token=secret)

    assert answer.error == (400, f"Bad Request: {refusal}")


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/x", "http://"])
def test_a_url_must_be_one(robot: Robot, url: str) -> None:
    """Client.cpp:16016."""
    assert robot.call("setWebhook", url=url).error == (400, "Bad Request: invalid webhook URL specified")


def test_deleting_is_described(robot: Robot, receiver: Receiver) -> None:
    """Client.cpp:16058, 15769."""
    robot.ok("setWebhook", url=receiver.url)

    assert robot.call("deleteWebhook").body["description"] == "Webhook was deleted"
    assert robot.call("deleteWebhook").body["description"] == "Webhook is already deleted"


def test_an_empty_url_deletes(robot: Robot, receiver: Receiver) -> None:
    """docs, setWebhook.url."""
    robot.ok("setWebhook", url=receiver.url)
    robot.ok("setWebhook", url="")

    assert robot.ok("getWebhookInfo")["url"] == ""


def test_pending_updates_can_be_dropped(robot: Robot, person: int) -> None:
    """docs, deleteWebhook.drop_pending_updates."""
    robot.people.send_text(person, "lost")
    robot.ok("deleteWebhook", drop_pending_updates=True)

    assert robot.updates() == []


def test_set_webhook_can_drop_what_waits(robot: Robot, person: int, receiver: Receiver) -> None:
    """docs, setWebhook.drop_pending_updates; Client.cpp:15761: it is a change even when all else is the same."""
    robot.people.send_text(person, "lost")
    robot.ok("setWebhook", url=receiver.url, drop_pending_updates=True)
    again = robot.call("setWebhook", url=receiver.url, drop_pending_updates=True)
    kept = robot.people.send_text(person, "kept")["update_id"]
    robot.sandbox.wait_until(lambda: receiver.arrivals)

    assert again.body["description"] == "Webhook was set"
    assert receiver.ids() == [kept]


def test_a_refused_webhook_leaves_none(robot: Robot, receiver: Receiver) -> None:
    """Client.cpp:15783-15795, 16008-16024: the former one is closed before the new one is looked at."""
    robot.ok("setWebhook", url=receiver.url)
    robot.call("setWebhook", url="nonsense")

    assert robot.ok("getWebhookInfo")["url"] == ""


def test_an_address_of_ones_own_is_told(robot: Robot, receiver: Receiver) -> None:
    """docs, setWebhook.ip_address and WebhookInfo.ip_address."""
    robot.ok("setWebhook", url=receiver.url, ip_address="127.0.0.2")

    assert robot.ok("getWebhookInfo")["ip_address"] == "127.0.0.2"
    assert robot.call("setWebhook", url=receiver.url).body["description"] == "Webhook was set"


def test_a_certificate_is_told(robot: Robot, receiver: Receiver) -> None:
    """docs, setWebhook.certificate and WebhookInfo.has_custom_certificate."""
    robot.multipart("setWebhook", url=receiver.url, certificate=("own.pem", b"-----BEGIN CERTIFICATE-----"))

    assert robot.ok("getWebhookInfo")["has_custom_certificate"] is True


def test_set_webhook_once_a_second(strict_robot: Robot, receiver: Receiver) -> None:
    """Client.cpp:15735."""
    strict_robot.ok("setWebhook", url=receiver.url)
    answer = strict_robot.call("setWebhook", url=receiver.url + "2")

    assert answer.error == (429, "Too Many Requests: retry after 1")
    assert answer.retry_after == "1"
