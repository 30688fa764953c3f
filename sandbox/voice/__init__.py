"""Voice notes: what a browser records becomes what Telegram's app sends. Knows nobody."""
