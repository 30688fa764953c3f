"""python-telegram-bot's own Bot, over our transport, against the emulator: three readings of the Bot API agree."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot_daemon.bot_api.client import AiohttpRequest, TelegramApi
from sandbox.client import Sandbox
from tests.stations.station import TOKEN, free_port
from tests.support.cast import DIMA

CHAT = DIMA.telegram_id or 0
TOTAL = 2.0
NEXT, TWO = InlineKeyboardButton("Да", callback_data="d:1:next"), InlineKeyboardButton("2", callback_data="2")
KEYS = InlineKeyboardMarkup([[NEXT, TWO]])


@asynccontextmanager
async def library(box: Sandbox, token: str = TOKEN) -> AsyncIterator[Bot]:
    """The bot as the daemon builds it, initialised."""
    api = TelegramApi(box.api_url, token, connect=1.0, total=TOTAL)
    await api.open()
    request = AiohttpRequest(api, TOTAL)
    bot = Bot(token, base_url=f"{box.api_url}/bot", request=request, get_updates_request=request)
    try:
        await bot.initialize()
        yield bot
    finally:
        await bot.shutdown()
        await api.close()


@pytest.fixture
async def bot(box: Sandbox) -> AsyncIterator[Bot]:
    box.start(CHAT)
    async with library(box) as opened:
        yield opened


async def sent(bot: Bot, text: str = "<b>Заказ</b> 1") -> Message:
    return await bot.send_message(CHAT, text, parse_mode=ParseMode.HTML, reply_markup=KEYS)


def shown(box: Sandbox, message_id: int) -> dict[str, object]:
    return next(message for message in box.messages(CHAT) if message["message_id"] == message_id)


async def test_get_me(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (int(TOKEN.split(":")[0]), True, "felix_demo_bot")


async def test_send_message_with_html_and_buttons(bot: Bot, box: Sandbox) -> None:
    message = await bot.send_message(
        CHAT,
        "<b>Заказ</b> &lt;1&gt; 🔧",
        parse_mode=ParseMode.HTML,
        reply_markup=KEYS,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert (message.text, message.text_html) == ("Заказ <1> 🔧", "<b>Заказ</b> &lt;1&gt; 🔧")
    assert message.reply_markup == KEYS
    assert box.last(CHAT) == shown(box, message.message_id)


async def test_edit_message_text_and_what_is_not_a_change(bot: Bot, box: Sandbox) -> None:
    message = await sent(bot)
    edited = await bot.edit_message_text("готов", CHAT, message.message_id)
    assert isinstance(edited, Message)
    assert (edited.message_id, edited.text, edited.reply_markup) == (message.message_id, "готов", None)
    assert edited.edit_date is not None
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("готов", CHAT, message.message_id)


async def test_edit_message_reply_markup(bot: Bot, box: Sandbox) -> None:
    message = await sent(bot)
    await bot.edit_message_reply_markup(CHAT, message.message_id, reply_markup=None)
    assert shown(box, message.message_id)["keyboard"] == []


async def test_delete_message_once(bot: Bot, box: Sandbox) -> None:
    message = await sent(bot)
    assert await bot.delete_message(CHAT, message.message_id)
    assert shown(box, message.message_id)["deleted"]
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(CHAT, message.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("zu spät", CHAT, message.message_id)


async def test_answer_callback_query_once(bot: Bot, box: Sandbox) -> None:
    message = await sent(bot)
    press = box.press(CHAT, message.message_id, data="d:1:next")["callback_query_id"]
    assert await bot.answer_callback_query(press, text="Готово", show_alert=True)
    assert (box.answers(press)["text"], box.answers(press)["show_alert"]) == ("Готово", True)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(press)


async def test_send_chat_action(bot: Bot) -> None:
    assert await bot.send_chat_action(CHAT, ChatAction.TYPING)


async def test_set_my_commands_for_a_language(bot: Bot) -> None:
    commands = [BotCommand("new", "Новый заказ"), BotCommand("help", "Помощь")]
    assert await bot.set_my_commands(commands, language_code="ru")
    assert await bot.get_my_commands(language_code="ru") == tuple(commands)


async def test_the_webhook_is_set_described_and_removed(bot: Bot) -> None:
    url = f"http://127.0.0.1:{free_port()}/telegram/webhook"
    assert await bot.set_webhook(url, allowed_updates=["message"], max_connections=7, secret_token="s-E_1")
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (url, 7, ("message",))
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_get_updates_brings_what_a_person_did_until_it_is_confirmed(bot: Bot, box: Sandbox) -> None:
    box.send_text(CHAT, "колодки")
    message = await sent(bot)
    box.press(CHAT, message.message_id, data="2")
    updates = await bot.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
    written, pressed = updates[-2].message, updates[-1].callback_query
    assert written is not None
    assert pressed is not None
    assert (written.text, pressed.data) == ("колодки", "2")
    assert written.from_user is not None
    assert (written.from_user.id, written.from_user.language_code) == (CHAT, "ru")
    assert await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0) == ()


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # of RetryAfter.retry_after
@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("403", Forbidden),
        ("400", BadRequest),
        ("429", RetryAfter),
        ("migrated", ChatMigrated),
        ("500", NetworkError),
        ("502html", NetworkError),
        ("reset_before", NetworkError),
        ("truncated", NetworkError),
    ],
)
async def test_an_error_is_the_librarys_own(bot: Bot, box: Sandbox, action: str, error: type[Exception]) -> None:
    box.faults.add(method="sendMessage", action=action)
    with pytest.raises(error) as raised:
        await bot.send_message(CHAT, "?")
    assert TOKEN.partition(":")[2] not in f"{raised.value!r} {raised.value}"


async def test_a_token_nobody_knows_is_refused(box: Sandbox) -> None:
    with pytest.raises(InvalidToken):
        async with library(box, "700100299:AAnobodyKnowsThisTokenAtTelegram000"):
            pass
