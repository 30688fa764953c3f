"""Settings of both processes: the environment variables, their types, and the refusals. It knows no database."""
