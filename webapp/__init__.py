"""The desk: a synchronous Flask application. It never makes an event loop, never talks to Telegram, never waits for it."""
