"""Alembic's revisions. Written so that the previous code still runs on the new schema."""
