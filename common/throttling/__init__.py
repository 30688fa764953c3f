"""Throttling: attempts counted by name, network and browser, and the pauses after too many failures."""
