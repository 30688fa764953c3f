"""The base of every worker: the database thread, the poll loop, back-off, metrics.

It knows neither Telegram nor orders.
"""
