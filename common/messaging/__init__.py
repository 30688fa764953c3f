"""What the two processes tell each other and Telegram: inbox, outbox, kinds of messages, the lease, the doorbell,
heartbeats. It knows no orders.
"""
