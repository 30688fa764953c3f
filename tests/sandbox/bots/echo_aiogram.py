"""An echo-and-buttons bot on aiogram, unmodified: `echo_aiogram.py URL TOKEN polling|webhook PORT`."""

import asyncio
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

URL, TOKEN, TRANSPORT, PORT = sys.argv[1:5]
dispatcher = Dispatcher()


@dispatcher.message(CommandStart())
async def start(message: Message, command: CommandObject) -> None:
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="+1", callback_data="1")]])
    await message.answer(f"<b>hello</b> {command.args or ''}", parse_mode="HTML", reply_markup=keys)


@dispatcher.callback_query()
async def press(query: CallbackQuery) -> None:
    await query.answer("counted")
    await query.message.edit_text(f"pressed {query.data}")


@dispatcher.message(F.text)
async def echo(message: Message) -> None:
    await message.reply(message.text)


async def main() -> None:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(URL)))
    if TRANSPORT == "polling":
        await bot.delete_webhook()
        await dispatcher.start_polling(bot, polling_timeout=20)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="s3cret").register(app, "/hook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(PORT)).start()
    await bot.set_webhook(f"http://127.0.0.1:{PORT}/hook", secret_token="s3cret")
    await asyncio.Event().wait()


asyncio.run(main())
