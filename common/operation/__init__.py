"""Operation of a station: the doctor's checks, pruning, reindexing. It may know everything below the commands."""
