"""Tables in files: CSV and xlsx read from strangers, and written for spreadsheets.

It knows nothing of what the rows mean.
"""
