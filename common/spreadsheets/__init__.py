"""Tables in files: reads untrusted CSV and xlsx files, and writes files for spreadsheets.

It does not know the meaning of the rows.
"""
