"""The HTTP API: `/api/v1`, for programs with a token. One table of endpoints makes routes, checks and the document."""
