"""What every worker runs on: the database thread, the poll loop, back-off, metrics.

It knows neither Telegram nor orders.
"""
