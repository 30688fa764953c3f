"""The bottom layer: the code that the daemon and the desk share. It knows neither Flask nor aiohttp nor Telegram."""
