"""python-telegram-bot, unmodified, against the emulator: by polling and by webhook, the same transcript."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from sandbox.client import Sandbox
from tests.sandbox.robot import Robot

Context = ContextTypes.DEFAULT_TYPE
Bot = Application[Any, Any, Any, Any, Any, Any]


async def start(update: Update, context: Context) -> None:
    assert update.message
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("+1", callback_data="1")]])
    await update.message.reply_html(f"<b>hello</b> {' '.join(context.args or [])}", reply_markup=keys)


async def echo(update: Update, _: Context) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "", do_quote=True)


async def press(update: Update, _: Context) -> None:
    query = update.callback_query
    assert query
    await query.answer("counted")
    await query.edit_message_text(f"pressed {query.data}")


def build(robot: Robot) -> Bot:
    app: Bot = Application.builder().token(robot.token).base_url(f"{robot.sandbox.url}/bot").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(press))
    app.add_handler(MessageHandler(filters.TEXT, echo))
    return app


@asynccontextmanager
async def polling(app: Bot, robot: Robot) -> AsyncIterator[None]:
    assert app.updater
    async with app:
        await app.start()
        await app.updater.start_polling(timeout=20)
        yield
        await app.updater.stop()
        await app.stop()


@asynccontextmanager
async def hooked(app: Bot, robot: Robot) -> AsyncIterator[None]:
    """The pattern of PTB's own customwebhookbot examples, on aiohttp."""

    async def take(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    site = web.Application()
    site.router.add_post("/telegram", take)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with app:
        await app.start()
        await app.bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/telegram", secret_token="s3cret")
        yield
        await app.bot.delete_webhook()
        await app.stop()
    await runner.cleanup()


def journey(robot: Robot, person: int) -> list[tuple[bool, str, bool]]:
    """What a person does, and what their chat looks like afterwards."""
    people, box = robot.people, robot.sandbox
    people.start(person, "abc")
    menu = box.wait_for_message(person, lambda m: m["keyboard"], bot=robot.name)
    people.send_text(person, "שלום 😀")
    box.wait_for_message(person, lambda m: m["text"] == "שלום 😀", bot=robot.name)
    query = people.press(person, menu["message_id"], text="+1")["callback_query_id"]
    box.wait_for_message(person, lambda m: m["edited"], bot=robot.name)
    assert people.answers(query)["text"] == "counted"
    return [(m["from_bot"], m["text"], m["edited"]) for m in people.messages(person)]


@pytest.mark.parametrize("transport", [polling, hooked])
async def test_an_echo_bot_runs_unmodified(
    robot: Robot, newcomer: Callable[[], int], transport: Callable[[Bot, Robot], Any]
) -> None:
    async with transport(build(robot), robot):
        transcript = await asyncio.to_thread(journey, robot, newcomer())

    assert transcript == [
        (False, "/start abc", False),
        (True, "pressed 1", True),
        (False, "שלום 😀", False),
        (True, "שלום 😀", False),
    ]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_refusals_become_the_librarys_own_errors(robot: Robot, person: int, emulator: Sandbox) -> None:
    app = build(robot)
    async with app:
        with pytest.raises(BadRequest, match="Chat not found"):
            await app.bot.send_message(1, "x")
        emulator.faults.add("sendMessage", chat=person, action="429", retry_after=9)
        with pytest.raises(RetryAfter):
            await app.bot.send_message(person, "x")
        robot.people.block(person)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await app.bot.send_message(person, "x")


async def test_the_library_understands_every_answer(robot: Robot, person: int) -> None:
    app = build(robot)
    async with app:
        message = await app.bot.send_message(person, "<b>x</b>", parse_mode="HTML")
        assert message.text_html == "<b>x</b>"
        assert (await app.bot.get_chat(person)).first_name == "Дима"
        assert (await app.bot.get_webhook_info()).url == ""
        assert await app.bot.set_my_commands([("start", "Start")])
        assert [command.command for command in await app.bot.get_my_commands()] == ["start"]
        assert await message.delete()
