"""The process itself: what it opens, the lease, its health, and what only the leader does.

It may know every other room.
"""
