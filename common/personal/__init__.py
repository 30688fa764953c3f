"""Personal data: what is stored about people, how long, and how it is handed out or erased.

It may know people, media, messages and the audit, but no page and no command.
"""
