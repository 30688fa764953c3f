"""Orders that are there: their states, moves, lines, owners, and what is late.

It may know events, people and messaging.
"""
