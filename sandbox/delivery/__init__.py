"""Updates on their way to a bot: one webhook engine per bot."""
