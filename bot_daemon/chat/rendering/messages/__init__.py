"""Messages that are sent once: notices, questions, replies, and messages to strangers."""
