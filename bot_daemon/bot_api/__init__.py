"""Calls to the Bot API: the client, the meaning of its answers, and the circuit breaker. It knows no rows."""
