"""What every page stands on: the request's context, sessions, headers, input limits, languages, live updates.

It knows no page.
"""
