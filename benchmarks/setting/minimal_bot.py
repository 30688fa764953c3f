"""The bot that our figures are compared with: python-telegram-bot's smallest webhook bot, as in its documentation.

It keeps updates in memory only: acknowledged updates are lost when it is killed.
"""

from __future__ import annotations

import os
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters


async def answer(update: Update, _context: Any) -> None:
    if update.message is not None:
        await update.message.reply_text("Got it.")


def main() -> None:
    application = (
        ApplicationBuilder()
        .token(os.environ["BENCH_TOKEN"])
        .base_url(os.environ["BENCH_API"] + "/bot")
        .concurrent_updates(256)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, answer))
    port = int(os.environ["BENCH_PORT"])
    application.run_webhook(
        listen="127.0.0.1",
        port=port,
        url_path="telegram/webhook",
        webhook_url=f"http://127.0.0.1:{port}/telegram/webhook",
        secret_token=os.environ["BENCH_SECRET"],
    )


if __name__ == "__main__":
    main()
