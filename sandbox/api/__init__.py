"""The Bot API over HTTP: requests, checks, methods, answers, and faults on the way."""
