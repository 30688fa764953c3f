"""What the host needs: the doctor's checks, pruning, reindexing. It may know everything below the commands."""
