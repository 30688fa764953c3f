"""Steps: each handles one update. A step is a plain function of a session and an `Incoming`.

Its caller owns the transaction. A step changes rows and queues messages; it never commits, sends or sleeps. Only
toasts are worded here.
"""

from bot_daemon.chat.steps.replies import apologise

__all__ = ["apologise"]
