"""The catalogue: categories, parts, their names, and the search among them.

It may know settings, text and the database.
"""
