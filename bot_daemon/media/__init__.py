"""Files from Telegram: the fetch queue, the download, the thumbnails. It may know the Bot API."""
