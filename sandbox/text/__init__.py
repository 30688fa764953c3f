"""Telegram's markup: HTML and both kinds of Markdown, with its own errors."""
