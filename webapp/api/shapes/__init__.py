"""Models of the bodies of requests and answers."""
