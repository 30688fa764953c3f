"""Exports: the list of orders and the catalogue as files; a large one is written by a process of its own.

It may know everything but commands.
"""
