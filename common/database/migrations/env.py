"""Alembic's entry: runs on the connection that `common.database.schema` hands over."""

from alembic import context

from common.database.models import Base


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        context.run_migrations()


run()
