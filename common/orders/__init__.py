"""Orders that are there: their states, moves, lines, owners, how they are read, and what is late.

It may know events, people and messaging.
"""
