"""Updates on their way in: webhook, polling, doorbell, and the consumer that takes each to its step.

It may know the chat.
"""
