"""People: who they are, how they get in, what they may do in the API, and which notices they want.

It may know messaging.
"""
