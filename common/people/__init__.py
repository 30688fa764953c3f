"""People: their names and roles, their ways in, the scopes of their API tokens, and the notices they want.

It may know messaging.
"""
