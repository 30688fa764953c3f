"""The speed claims of the docs, each one command, reported as measured with machine and versions."""
