"""The demo: a station with people and orders, and the Telegram emulator, below `.run/` of the present directory."""
