"""What events and messages hold: a typed struct each, kept as JSON in the `arguments` of their rows.

It may know the codes of the tables, and nothing of who writes or reads a struct.
"""
