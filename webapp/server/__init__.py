"""The desk's front: a gunicorn worker that gives a thread whole requests only. It knows no page and no database."""
