"""Words of the desk: codes as text, audit sentences, problems, the palette, and what templates use.

It may know `web`.
"""
