"""The daemon: one event loop for its whole life. It receives updates, runs steps, and sends what the outbox holds."""
