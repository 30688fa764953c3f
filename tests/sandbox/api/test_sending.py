"""sendMessage: what is accepted, refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.robot import Robot, keyboard

BAD = "Bad Request: "


def test_a_message_looks_like_telegrams(robot: Robot, person: int) -> None:
    """docs, Message."""
    message = robot.say(person, "hello")

    assert message["from"]["is_bot"] is True
    assert message["chat"] == {"id": person, "first_name": "Дима", "type": "private"}
    assert isinstance(message["date"], int)
    assert message["message_id"] > 0


def test_message_ids_rise(robot: Robot, person: int) -> None:
    """docs, Message.message_id."""
    assert robot.say(person)["message_id"] < robot.say(person)["message_id"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),  # Client.cpp:11401
        ("   \n ", "text must be non-empty"),  # td MessageEntity.cpp:4519
        ("x" * 4097, "message is too long"),  # td MessageContent.cpp:4759
        ("x" * 40_000, "text is too long"),  # Client.cpp:11310
    ],
)
def test_text_has_1_to_4096_characters(robot: Robot, person: int, text: str, refusal: str) -> None:
    """Client.cpp:11310, 11401; td MessageEntity.cpp:4519; td MessageContent.cpp:4759."""
    assert robot.call("sendMessage", chat_id=person, text=text).error == (400, BAD + refusal)


def test_4096_characters_are_counted_after_parsing(robot: Robot, person: int) -> None:
    """docs, sendMessage: "1-4096 characters after entities parsing"."""
    markup = "<b>" + "я" * 4096 + "</b>"

    assert len(robot.say(person, markup, parse_mode="HTML")["text"]) == 4096


def test_white_space_around_is_trimmed(robot: Robot, person: int) -> None:
    """td MessageEntity.cpp fix_formatted_text."""
    message = robot.say(person, "  <b> hi </b>  ", parse_mode="HTML")

    assert message["text"] == "hi"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 2}]


@pytest.mark.parametrize("mode", ["HTML", "html"])
def test_html_becomes_entities(robot: Robot, person: int, mode: str) -> None:
    """docs, "HTML style"; Client.cpp:11313 lowers the mode."""
    message = robot.say(person, "<b>a</b> &lt; <i>b</i>", parse_mode=mode)

    assert message["text"] == "a < b"
    assert [entity["type"] for entity in message["entities"]] == ["bold", "italic"]


def test_bad_html_is_refused_with_its_place(robot: Robot, person: int) -> None:
    """td MessageEntity.cpp parse_html."""
    answer = robot.call("sendMessage", chat_id=person, text="ш <x>", parse_mode="HTML")

    assert answer.error == (400, BAD + 'can\'t parse entities: Unsupported start tag "x" at byte offset 3')


def test_an_unknown_parse_mode_is_refused(robot: Robot, person: int) -> None:
    """Client.cpp:11323."""
    answer = robot.call("sendMessage", chat_id=person, text="x", parse_mode="rtf")

    assert answer.error == (400, BAD + "unsupported parse_mode")


def test_given_entities_are_kept(robot: Robot, person: int) -> None:
    """docs, sendMessage.entities."""
    entities = [{"type": "bold", "offset": 0, "length": 1}]

    assert robot.say(person, "ab", entities=entities)["entities"] == entities


def test_commands_and_links_are_found(robot: Robot, person: int) -> None:
    """docs, MessageEntity."""
    entities = robot.say(person, "/start 😀 https://example.com @felix")["entities"]

    assert [(e["type"], e["offset"]) for e in entities] == [("bot_command", 0), ("url", 10), ("mention", 30)]


def test_nothing_is_found_inside_code_and_links(robot: Robot, person: int) -> None:
    """td MessageEntity.cpp find_entities."""
    text = '<code>/start</code> <a href="https://a.b">@felix</a> @rina'
    entities = robot.say(person, text, parse_mode="HTML")["entities"]

    assert [e["type"] for e in entities] == ["code", "text_link", "mention"]


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        (keyboard([("A", "x" * 65)]), "BUTTON_DATA_INVALID"),  # docs: 1-64 bytes
        (keyboard([("A", "я" * 33)]), "BUTTON_DATA_INVALID"),  # bytes, not letters
        (keyboard(*[[("A", "x")]] * 101), "reply markup is too long"),  # Client.cpp:121
        ({"inline_keyboard": [[{"text": "A"}]]}, "Text buttons are unallowed in the inline keyboard"),
        ({"inline_keyboard": [[{"callback_data": "a"}]]}, 'Can\'t find field "text"'),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]}, "inline keyboard button text must be non-empty"),
        ({"inline_keyboard": [{"text": "A"}]}, "must be an Array of Arrays"),  # Client.cpp:9748
        ({"keyboard": [{"text": "A"}]}, "must be an Array of Arrays"),  # Client.cpp:9727
        (
            {"inline_keyboard": [[{"text": "A", "callback_data": "a", "style": "pink"}]]},
            "invalid button style specified",
        ),
        ({"keyboard": [[{"text": "A", "style": "pink"}]]}, "invalid button style specified"),  # Client.cpp:9455
        ({"inline_keyboard": [[{"text": "A", "url": "http://localhost/x"}]]}, "is invalid: Wrong HTTP URL"),
        ({"inline_keyboard": [[{"text": "A", "url": "ftp://a.b/x"}]]}, "is invalid: Wrong HTTP URL"),
        ([], "object expected as reply markup"),  # Client.cpp:9717
        ("{", "can't parse reply keyboard markup JSON object"),  # Client.cpp:9708
    ],
)
def test_bad_keyboards_are_refused(robot: Robot, person: int, markup: Any, refusal: str) -> None:
    """Client.cpp:9440-9790, 121; td ReplyMarkup.cpp:570-590; docs, InlineKeyboardButton.callback_data."""
    code, description = robot.call("sendMessage", chat_id=person, text="x", reply_markup=markup).error

    assert code == 400
    assert description.startswith(BAD)
    assert description.endswith(refusal)


@pytest.mark.parametrize("url", ["https://example.com/x", "example.com", "tg://user?id=5", "http://127.0.0.1:8080/"])
def test_a_button_may_lead_somewhere(robot: Robot, person: int, url: str) -> None:
    """docs, InlineKeyboardButton.url; td LinkManager.cpp:1940-1987."""
    assert robot.say(person, reply_markup={"inline_keyboard": [[{"text": "A", "url": url, "style": "danger"}]]})


def test_64_bytes_and_100_buttons_are_accepted(robot: Robot, person: int) -> None:
    """docs, InlineKeyboardButton.callback_data; PTB constants.py."""
    message = robot.say(person, reply_markup=keyboard(*[[("A", "я" * 32)] * 8] * 12))

    assert len(message["reply_markup"]["inline_keyboard"]) == 12


def test_an_inline_keyboard_is_in_the_answer_and_a_reply_keyboard_is_not(robot: Robot, person: int) -> None:
    """docs, Message.reply_markup: "Inline keyboard attached to the message"."""
    inline = robot.say(person, reply_markup=keyboard([("A", "a")]))
    reply = robot.say(person, reply_markup={"keyboard": [["A", {"text": "B"}]]})

    assert inline["reply_markup"] == keyboard([("A", "a")])
    assert "reply_markup" not in reply


def test_a_reply_names_its_original(robot: Robot, person: int) -> None:
    """docs, ReplyParameters."""
    first = robot.say(person, "one")
    second = robot.say(person, "two", reply_parameters={"message_id": first["message_id"]})

    assert second["reply_to_message"]["text"] == "one"


def test_a_reply_to_nothing_is_refused(robot: Robot, person: int) -> None:
    """Client.cpp:8516."""
    answer = robot.call("sendMessage", chat_id=person, text="x", reply_parameters={"message_id": 999_999})

    assert answer.error == (400, BAD + "message to be replied not found")


def test_a_reply_to_nothing_may_be_allowed(robot: Robot, person: int) -> None:
    """docs, ReplyParameters.allow_sending_without_reply."""
    reply = {"message_id": 999_999, "allow_sending_without_reply": True}

    assert "reply_to_message" not in robot.say(person, reply_parameters=reply)


# Whether the bot may write


def test_an_unknown_chat_is_not_found(robot: Robot) -> None:
    """Client.cpp:6571."""
    assert robot.call("sendMessage", chat_id=1, text="x").error == (400, BAD + "chat not found")


def test_a_bot_cannot_write_first(robot: Robot, newcomer: Callable[[], int]) -> None:
    """td MessagesManager.cpp:27957."""
    refusal = robot.call("sendMessage", chat_id=newcomer(), text="x").error

    assert refusal == (403, "Forbidden: bot can't initiate conversation with a user")


def test_whoever_blocked_the_bot_gets_nothing_until_they_unblock(robot: Robot, person: int) -> None:
    """Client.cpp:125-127, USER_IS_BLOCKED."""
    robot.people.block(person)
    refused = robot.call("sendMessage", chat_id=person, text="x")
    robot.people.unblock(person)

    assert refused.error == (403, "Forbidden: bot was blocked by the user")
    assert robot.say(person)["text"] == "hello"


def test_a_deleted_account_is_named(robot: Robot, person: int) -> None:
    """Client.cpp:8136."""
    robot.sandbox.deactivate(person)

    assert robot.call("sendMessage", chat_id=person, text="x").error == (403, "Forbidden: user is deactivated")


def test_a_migrated_group_tells_where_it_went(robot: Robot, person: int) -> None:
    """Client.cpp:8151-8155; docs, ResponseParameters."""
    group = -person
    robot.sandbox.add_group(group, "Станция")
    robot.say(group)
    moved = robot.sandbox.migrate(group)
    answer = robot.call("sendMessage", chat_id=group, text="x")

    assert answer.error == (400, BAD + "group chat was upgraded to a supergroup chat")
    assert answer.body["parameters"] == {"migrate_to_chat_id": moved}
    assert robot.say(moved)["chat"]["type"] == "supergroup"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_bot_that_was_kicked_cannot_write(robot: Robot, person: int, kind: str) -> None:
    """Client.cpp:8162, 8174; docs, Update.my_chat_member."""
    group = -person
    robot.sandbox.add_group(group, "Станция", kind)
    message = robot.say(group)
    robot.sandbox.kick(person, group, bot=robot.name)
    refusal = (403, f"Forbidden: bot was kicked from the {kind} chat")

    assert robot.call("sendMessage", chat_id=group, text="x").error == refusal
    edit = robot.call("editMessageText", chat_id=group, message_id=message["message_id"], text="x")
    assert edit.error == refusal
    robot.sandbox.readmit(person, group, bot=robot.name)
    assert robot.say(group)
    changes = [(u["my_chat_member"]["chat"]["id"], u["my_chat_member"]["from"]["id"]) for u in robot.updates()]
    assert changes == [(group, person)] * 2


def test_people_write_press_and_are_answered_in_groups(robot: Robot, person: int) -> None:
    """docs, Message.chat, Message.from and CallbackQuery.message."""
    group = -person
    robot.sandbox.add_group(group, "Станция")
    asked = robot.people.send_text(person, "Кто тут?", chat=group)["message"]
    answer = robot.say(
        group, "Я", reply_parameters={"message_id": asked["message_id"]}, reply_markup=keyboard([("A", "a")])
    )
    robot.people.press(person, answer["message_id"], data="a", chat=group)
    query = robot.updates()[-1]["callback_query"]

    assert (asked["chat"]["id"], asked["from"]["id"]) == (group, person)
    assert (query["message"]["chat"]["type"], query["from"]["id"]) == ("group", person)
    assert query["message"]["reply_to_message"]["text"] == "Кто тут?"


def test_a_chat_action_is_one_of_the_known(robot: Robot, person: int) -> None:
    """Client.cpp:13446."""
    assert robot.ok("sendChatAction", chat_id=person, action="typing") is True
    refusal = robot.call("sendChatAction", chat_id=person, action="dancing").error
    assert refusal == (400, BAD + "wrong parameter action in request")


def test_a_silent_message_is_known_as_one(robot: Robot, person: int) -> None:
    """docs, sendMessage.disable_notification."""
    robot.say(person, "loud")
    robot.say(person, "silent", disable_notification=True)
    loud, silent = robot.people.messages(person)[-2:]

    assert (loud["silent"], silent["silent"]) == (False, True)
