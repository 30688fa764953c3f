"""Files from Telegram: which to fetch, the download, thumbnails. It may know the Bot API."""
