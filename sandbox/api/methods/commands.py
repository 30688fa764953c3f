"""setMyCommands, getMyCommands, deleteMyCommands, per scope and language."""

import re
from typing import Any

import msgspec

from sandbox.api.call import Call
from sandbox.errors import bad_request
from sandbox.values import Json

MAX_COMMANDS = 100  # docs, setMyCommands
_NAME = re.compile(r"[a-z0-9_]+")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


def set_my_commands(call: Call) -> bool:
    given = call.parameters.json("commands", "commands")
    if given is None:
        given = []
    if not isinstance(given, list):
        raise bad_request("Expected an Array of BotCommand")  # Client.cpp:10666
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")  # seen
    commands = [_check_command(command) for command in given]
    key = _key(call)
    if commands:
        call.bot.commands[key] = commands
    else:
        call.bot.commands.pop(key, None)
    call.world.hub.tell("commands", bot=call.bot.username)
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_key(call), [])


def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop(_key(call), None)
    call.world.hub.tell("commands", bot=call.bot.username)
    return True


def _check_command(command: Any) -> Json:
    """Sources: Client.cpp:10640-10675, td/telegram/BotCommand.cpp:176-205."""
    if not isinstance(command, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"Can't parse BotCommand: Can't find field \"{name}\"")
    word, description = command["command"].strip().removeprefix("/"), command["description"].strip()
    if not word:
        raise bad_request("Command must be non-empty")
    if len(word) > 32:
        raise bad_request("Command length must not exceed 32")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise bad_request("Command description length must not exceed 256")
    if not _NAME.fullmatch(word):
        raise bad_request("BOT_COMMAND_INVALID")  # seen
    return {"command": word, "description": description}


def _key(call: Call) -> tuple[str, str]:
    """Scope (as its JSON) and language."""
    scope = call.parameters.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in _SCOPES + _CHAT_SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    if kind in _CHAT_SCOPES and not scope.get("chat_id"):
        raise bad_request("Can't parse BotCommandScope: Empty chat_id specified")
    wanted = {name: scope[name] for name in ("type", "chat_id", "user_id") if name in scope}
    return msgspec.json.encode(wanted).decode(), call.parameters.text("language_code")


def commands_for(commands: dict[tuple[str, str], list[Json]], chat_id: int, language: str) -> list[Any]:
    """The commands a client shows in a private chat: the narrowest scope, the person's language first."""
    scopes = ({"type": "chat", "chat_id": chat_id}, {"type": "all_private_chats"}, {"type": "default"})
    for scope in scopes:
        text = msgspec.json.encode(scope).decode()
        for code in (language, ""):
            if (text, code) in commands:
                return commands[text, code]
    return []
