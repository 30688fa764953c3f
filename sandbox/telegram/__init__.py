"""Telegram's side of the world: people, bots, chats, files, pending updates. It knows no HTTP."""
