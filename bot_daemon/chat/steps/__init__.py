"""What one update does. A step is a plain function of a session and an `Incoming`; its caller owns the transaction.

A step changes rows and queues messages; it never commits, sends or sleeps. Only a toast is put into words here.
"""

from bot_daemon.chat.steps.replies import apologise

__all__ = ["apologise"]
