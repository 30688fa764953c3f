"""What happened to an order, and who is told: the timeline and the notices queued with it.

It may know people and messaging.
"""
