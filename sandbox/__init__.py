"""A Telegram that runs on a laptop: the Bot API over real HTTP and a chat page. It never contacts Telegram."""
