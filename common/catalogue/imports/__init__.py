"""The catalogue as a file: its columns, its export, and its import with a preview."""
