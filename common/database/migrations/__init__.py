"""The schema's migrations, which only Alembic runs, and what is known of them without it."""

# The newest revision that code of the time before it cannot run on; a test finds it in the schemas.
OLDEST_CODE = "0008_photos"
