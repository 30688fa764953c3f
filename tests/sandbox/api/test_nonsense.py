"""Whatever a bot sends, it is answered in the envelope: nothing but ApiError comes out of a method."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.api.call import Call
from sandbox.api.methods import METHODS
from sandbox.api.parameters import Parameters
from sandbox.errors import ApiError
from sandbox.telegram.people import default_cast
from sandbox.telegram.world import Options, World
from tests.sandbox.robot import keyboard

TOKEN = "123456:" + "A" * 35
NAMES = [
    "action",
    "allowed_updates",
    "callback_query_id",
    "caption",
    "caption_entities",
    "chat_id",
    "commands",
    "document",
    "duration",
    "entities",
    "file_id",
    "from_chat_id",
    "inline_message_id",
    "language_code",
    "limit",
    "max_connections",
    "media",
    "menu_button",
    "message_id",
    "message_ids",
    "offset",
    "parse_mode",
    "photo",
    "reply_markup",
    "reply_parameters",
    "reply_to_message_id",
    "scope",
    "secret_token",
    "text",
    "type",
    "url",
    "voice",
]
WORDS = st.sampled_from(["", "1001", "1", "-1", "x", "HTML", "<b>", "chat", "photo", "http://a.b", "http://[", "null"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5) | WORDS
FIELDS = st.sampled_from([*NAMES, "keyboard", "inline_keyboard", "callback_data", "offset", "length"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3), max_leaves=6
)
TOLD = ("entities", "reply_markup", "reply_parameters", "media", "caption", "message_ids", "url")
GIVEN = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5) | st.fixed_dictionaries(
    {"chat_id": st.just(1001), "message_id": st.just(1), "text": st.just("x")}, optional=dict.fromkeys(TOLD, VALUES)
)


@pytest.fixture(scope="module")
def world() -> World:
    world = World(Options(limits=False))
    world.people = {person.id: person for person in default_cast()}
    bot = world.register(TOKEN)
    bot.conversation(1001).started = True
    METHODS["sendmessage"][1](Call(world, bot, "sendMessage", _parameters(reply_markup=keyboard([("A", "a")]))))
    return world


def _parameters(**more: Any) -> Parameters:
    return Parameters({"chat_id": 1001, "text": "x"} | more)


@pytest.mark.parametrize("name", sorted(set(METHODS) - {"getupdates"}))
@settings(max_examples=settings().max_examples // 2)
@given(given=GIVEN)
def test_every_call_is_answered_or_refused(world: World, name: str, given: dict[str, Any]) -> None:
    method, run = METHODS[name]
    with suppress(ApiError):
        run(Call(world, world.bot(), method, Parameters(given)))
