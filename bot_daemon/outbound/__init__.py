"""Outgoing messages: claimed, paced, rendered, sent, and the outcome written back.

It may know the chat's rendering.
"""
