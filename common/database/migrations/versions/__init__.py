"""One file per revision, sorted by number."""
