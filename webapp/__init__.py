"""The desk: a synchronous Flask application. It makes no event loop, never talks to Telegram, never waits for it."""
