"""Forms that change orders: moves of many, undo, the counter, lines, notes, message repair.

It may know the pages of orders.
"""
