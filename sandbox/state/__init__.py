"""The world on disk: kept in a directory and read back at the next start."""
