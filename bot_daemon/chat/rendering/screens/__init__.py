"""The screen's views: the one message of a chat that shows where the conversation stands."""
