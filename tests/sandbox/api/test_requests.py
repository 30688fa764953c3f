"""Paths, encodings, envelope. Sources: docs "Making requests"; HttpConnection.cpp:20-70; ClientManager.cpp:70-90."""

from __future__ import annotations

import pytest

from sandbox.api.methods import METHODS
from sandbox.testing import running
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


@pytest.mark.parametrize("token", ["abc", "0:" + "A" * 35, "1:" + "A" * 79])
def test_a_token_that_cannot_be_one_is_401(robot: Robot, token: str) -> None:
    """ClientManager.cpp:74-84."""
    refusal = robot.raw("POST", f"{robot.sandbox.url}/bot{token}/getMe").error

    assert refusal == (401, "Unauthorized: invalid token specified")


def test_a_token_without_a_number_is_421(robot: Robot) -> None:
    """ClientManager.cpp:78-80."""
    refusal = robot.raw("POST", f"{robot.sandbox.url}/botx1:{'A' * 35}/getMe").error

    assert refusal == (421, "Misdirected Request: unallowed token specified")


@pytest.mark.parametrize("path", ["", "/"])
def test_a_path_without_a_method_is_404(robot: Robot, path: str) -> None:
    """HttpConnection.cpp:37-45."""
    assert robot.raw("POST", robot.base + path).error[0] == 404


def test_a_wrong_token_is_401(robot: Robot) -> None:
    """Client.cpp:16291."""
    assert robot.raw("POST", f"{robot.sandbox.url}/bot123456:short/getMe").error == (401, "Unauthorized")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b'{"text": "x"'])
def test_a_body_that_is_not_json_counts_as_none(robot: Robot, person: int, body: bytes) -> None:
    """td HttpReader.cpp:214-228: the error is logged and the call goes on without parameters."""
    answer = robot.raw("POST", f"{robot.base}/sendMessage", body=body, headers={"Content-Type": "application/json"})

    assert answer.error == (400, "Bad Request: message text is empty")


def test_a_null_is_not_the_same_as_nothing(robot: Robot, person: int) -> None:
    """td HttpReader.cpp:684-698, Client.cpp:9717: it arrives as the word "null"."""
    answer = robot.call("sendMessage", chat_id=person, text="x", reply_markup=None)

    assert answer.error == (400, "Bad Request: object expected as reply markup")


def test_more_than_50_megabytes_are_refused(robot: Robot, person: int) -> None:
    """docs, "Sending files": 50 MB; seen: the answer of the proxy in front."""
    answer = robot.multipart("sendDocument", chat_id=person, document=("big", bytes(50 * 1024 * 1024 + 1)))

    assert answer.error == (413, "Request Entity Too Large")


def test_a_missing_chat_is_named(robot: Robot) -> None:
    """Client.cpp:8201."""
    assert robot.call("sendMessage", text="x").error == (400, "Bad Request: chat_id is empty")


@pytest.mark.parametrize(
    "method",
    [
        "getMe",
        "getUpdates",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "sendVoice",
        "sendMediaGroup",
        "sendChatAction",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
        "deleteMessage",
        "deleteMessages",
        "copyMessage",
        "answerCallbackQuery",
        "getFile",
        "setMyCommands",
        "getMyCommands",
        "deleteMyCommands",
        "setChatMenuButton",
        "getChat",
        "logOut",
        "close",
    ],
)
def test_every_method_an_ordering_bot_needs_is_there(method: str) -> None:
    """docs, "Available methods"."""
    assert METHODS[method.lower()][0] == method


def test_a_bot_that_logged_out_is_away_for_ten_minutes() -> None:
    """docs, logOut; Client.cpp:16286-16288."""
    with running() as sandbox:
        robot = Robot(sandbox, 715)
        robot.ok("getMe")
        robot.people.start(1001)
        assert robot.ok("logOut") is True
        refused = robot.call("getMe")
        sandbox.advance(601)

        assert refused.error == (400, "Logged out")
        assert robot.updates() == []
        robot.close()


def test_a_bot_cannot_be_closed_soon_after_its_start(robot: Robot) -> None:
    """docs, close: "error 429 in the first 10 minutes after the bot is launched"."""
    answer = robot.call("close")

    assert answer.error == (429, "Too Many Requests: retry after 600")


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
