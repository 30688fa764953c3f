"""Settings of both processes: the environment variables, their types, and the error texts. It knows no database."""
