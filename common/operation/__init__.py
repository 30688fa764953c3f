"""What the host needs: the doctor's checks, and pruning. It may know everything below the commands."""
