"""Telegram's side of the world: people, bots, chats, files, updates that wait. It knows no HTTP."""
