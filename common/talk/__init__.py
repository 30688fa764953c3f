"""Talk about an order: chat, questions, change requests, notes, quick replies, and who has an order's page open.

It may know orders.
"""
