"""What is said about an order: chat, questions, requests for changes, notes, quick replies, who is looking.

It may know orders.
"""
