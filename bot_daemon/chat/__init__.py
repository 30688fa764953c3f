"""The chat with people: which update goes to which step, what a button's data means, and which order a message
belongs to.
"""
