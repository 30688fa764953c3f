"""Words of the desk: codes as text, audit sentences, problems, the palette, and the context of templates.

It may import `web`.
"""
