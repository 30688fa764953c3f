"""Paths, encodings, envelope. Sources: docs "Making requests"; HttpConnection.cpp:20-70; ClientManager.cpp:70-90."""

from __future__ import annotations

import pytest

from tests.sandbox.robot import Robot


@pytest.mark.parametrize("encoding", ["call", "form", "multipart", "query"])
def test_parameters_come_in_four_encodings(robot: Robot, person: int, encoding: str) -> None:
    """docs, "Making requests": query string, urlencoded, JSON, multipart."""
    sent = getattr(robot, encoding)("sendMessage", chat_id=person, text="привет & שלום", disable_notification=True)

    assert sent.result["text"] == "привет & שלום"
    assert sent.result["chat"]["id"] == person


@pytest.mark.parametrize("encoding", ["call", "form", "multipart", "query"])
def test_nested_objects_come_as_json_text_or_as_json(robot: Robot, person: int, encoding: str) -> None:
    """docs: "reply_markup: a JSON-serialized object"; in a JSON body it may stand as it is."""
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}

    assert getattr(robot, encoding)("sendMessage", chat_id=person, text="x", reply_markup=markup).result["reply_markup"]


@pytest.mark.parametrize("spelling", ["getMe", "getme", "GETME", "GetMe"])
def test_method_names_are_case_insensitive(robot: Robot, spelling: str) -> None:
    """docs: "All methods in the Bot API are case-insensitive"."""
    assert robot.ok(spelling)["is_bot"] is True


def test_get_and_post_are_both_welcome(robot: Robot) -> None:
    """docs, "Making requests"."""
    assert robot.query("getMe").result == robot.call("getMe").result


def test_success_is_ok_and_result_only(robot: Robot) -> None:
    """docs, "Making requests"; Client.h JsonQueryOk."""
    assert set(robot.call("getMe").body) == {"ok", "result"}


def test_an_unknown_method_is_404(robot: Robot) -> None:
    """Client.cpp:12664."""
    assert robot.call("noSuchMethod").error == (404, "Not Found: method not found")


@pytest.mark.parametrize("token", ["abc", "0:" + "A" * 35, "x1:" + "A" * 35])
def test_a_token_that_cannot_be_one_is_401(robot: Robot, token: str) -> None:
    """ClientManager.cpp:74-84."""
    assert robot.raw("POST", f"{robot.sandbox.url}/bot{token}/getMe").error[0] == 401


def test_a_wrong_token_is_401(robot: Robot) -> None:
    """Client.cpp:16291."""
    assert robot.raw("POST", f"{robot.sandbox.url}/bot123456:short/getMe").error == (401, "Unauthorized")


def test_a_body_that_is_not_json_is_400(robot: Robot) -> None:
    answer = robot.raw("POST", f"{robot.base}/getMe", body=b"{", headers={"Content-Type": "application/json"})

    assert answer.error[0] == 400


def test_a_missing_chat_is_named(robot: Robot) -> None:
    """Client.cpp:8201."""
    assert robot.call("sendMessage", text="x").error == (400, "Bad Request: chat_id is empty")


def test_get_me_says_what_libraries_need(robot: Robot) -> None:
    """docs, User and getMe."""
    me = robot.ok("getMe")

    assert me["id"] == int(robot.name)
    assert me["username"].endswith("_bot")
    assert me["can_join_groups"] is True


def test_chats_can_be_asked_for(robot: Robot, person: int) -> None:
    """docs, ChatFullInfo: the fields that are not optional."""
    chat = robot.ok("getChat", chat_id=person)

    assert (chat["id"], chat["type"], chat["first_name"]) == (person, "private", "Дима")
    assert {"accent_color_id", "max_reaction_count", "accepted_gift_types"} <= set(chat)
