"""The process itself: its resources, the lease, its health, and the work of the leader.

It may know every other room.
"""
