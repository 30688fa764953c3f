"""The desk: a synchronous Flask application. It has no event loop, never talks to Telegram, never waits for it."""
