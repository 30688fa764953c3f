"""Words as people type them: what counts as the same word, and which known word was meant. Pure functions."""
