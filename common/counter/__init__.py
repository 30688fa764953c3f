"""What happens at the counter: an order placed for somebody else, a collection, a slip on paper.

It may know orders.
"""
