"""Alembic's revisions. Each is written so that the previous code still runs on the new schema."""
