"""The arguments of events and messages: one typed struct per kind, kept as JSON in the `arguments` of their rows.

It may know the codes of the tables, but not the writers or readers of a struct.
"""
