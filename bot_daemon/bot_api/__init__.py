"""Calls to the Bot API: the client, what an answer means, and the circuit breaker. It knows no rows."""
