"""The demo: a station with people and orders, and the Telegram emulator, in `.run/` of the current directory."""
