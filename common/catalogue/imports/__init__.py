"""The catalogue as a file: its columns, and loading one with a preview first."""
