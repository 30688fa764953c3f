"""Commands per scope and language. Sources: docs, setMyCommands; td/telegram/BotCommand.cpp:170-205."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.robot import Robot

START = [{"command": "start", "description": "Начать"}]


def test_commands_are_kept_per_scope_and_language(robot: Robot) -> None:
    """docs, BotCommandScope and setMyCommands.language_code."""
    scope = {"type": "all_private_chats"}
    robot.ok("setMyCommands", commands=START, scope=scope, language_code="ru")

    assert robot.ok("getMyCommands", scope=scope, language_code="ru") == START
    assert robot.ok("getMyCommands", scope=scope) == []
    assert robot.ok("getMyCommands") == []


def test_deleted_commands_are_gone(robot: Robot) -> None:
    """docs, deleteMyCommands."""
    robot.ok("setMyCommands", commands=START)
    robot.ok("deleteMyCommands")

    assert robot.ok("getMyCommands") == []


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ([{"command": "", "description": "x"}], "command must be non-empty"),
        ([{"command": "x" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "x", "description": " "}], "command description must be non-empty"),
        ([{"command": "x", "description": "x" * 257}], "command description length must not exceed 256"),
        ([{"command": "Старт", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"description": "x"}], 'Can\'t find field "command"'),
        ({"command": "x"}, "expected an Array of BotCommand"),
        ([{"command": f"c{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_bad_commands_are_refused(robot: Robot, commands: Any, refusal: str) -> None:
    """Client.cpp:10640-10675; td BotCommand.cpp:176-205; docs, BotCommand and setMyCommands; seen: the two codes."""
    code, description = robot.call("setMyCommands", commands=commands).error

    assert code == 400
    assert description.endswith(refusal)


def test_an_unknown_scope_is_refused(robot: Robot) -> None:
    """Client.cpp:10597."""
    code, description = robot.call("getMyCommands", scope={"type": "planet"}).error

    assert (code, description) == (400, "Bad Request: can't parse BotCommandScope: Unsupported type specified")
