"""Messages that are sent once: notices, questions, replies, and what strangers are told."""
