"""The counter: placing an order for another person, collecting an order, printing slips.

It may know orders.
"""
