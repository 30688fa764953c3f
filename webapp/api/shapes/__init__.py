"""Bodies of requests and answers, as models."""
