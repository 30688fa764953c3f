"""The base of every page: the request's context, sessions, headers, input limits, languages, live updates.

It imports no page.
"""
