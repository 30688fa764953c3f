"""The chat with people: the step of each update, the meaning of a button's data, and the order of each message."""
