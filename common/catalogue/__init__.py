"""The catalogue: categories, parts, their names, and the search for parts.

It may know settings, text and the database.
"""
