"""Migrations: up from empty, equal to the models, and a refusal of what does not fit."""

from __future__ import annotations

import ast
import importlib
import sys
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from common.database import schema
from common.database.engine import Database
from common.database.models import Base, Person
from common.errors import SchemaError
from tests.support.cast import DIMA, NOA, hire


def test_the_migrations_lead_from_an_empty_database_to_the_models(empty_database: Database) -> None:
    assert schema.migrate(empty_database) == schema.head_revision()
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    schema.check(empty_database)


def test_every_constraint_of_the_models_is_in_the_database(empty_database: Database) -> None:
    schema.migrate(empty_database)
    inspector = inspect(empty_database.engine)
    for table in Base.metadata.tables.values():
        present = {c["name"] for c in inspector.get_check_constraints(table.name)}
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert wanted == present, table.name


def test_a_migration_imports_nothing_of_the_program() -> None:
    """What the program is today would change what a migration did."""
    for file in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"):
        nodes = [*ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
        found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        found |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
        assert {name.partition(".")[0] for name in found} <= {"alembic", "sqlalchemy", *sys.stdlib_module_names}, file


def test_migrating_twice_is_as_good_as_once(any_database: Database) -> None:
    with any_database.write() as session:
        session.execute(text("UPDATE revision SET value = 41"))
    assert schema.migrate(any_database) == schema.head_revision()
    with any_database.read() as session:
        assert session.scalar(text("SELECT value FROM revision")) == 41


def test_two_that_migrate_at_once_go_one_after_the_other(empty_database: Database) -> None:
    ends: list[str] = []
    threads = [threading.Thread(target=lambda: ends.append(schema.migrate(empty_database))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ends == [schema.head_revision()] * 2


def test_a_database_with_tables_of_others_is_left_alone(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        for table in ("revision", "wp_posts", "wp_users", "wp_links"):
            connection.execute(text(f"CREATE TABLE {table} (id integer)"))
    told = (
        r"The database has tables that are not Felix Hub's \(revision, wp_links, wp_posts, …\), "
        r"and no schema of ours: look at DATABASE_URL\."
    )
    with pytest.raises(SchemaError, match=told):
        schema.migrate(empty_database)
    with empty_database.engine.connect() as connection:
        assert sorted(inspect(connection).get_table_names()) == ["revision", "wp_links", "wp_posts", "wp_users"]


def test_an_empty_database_is_refused_with_the_command_that_helps(empty_database: Database) -> None:
    with pytest.raises(SchemaError, match=r"schema none, this code wants .*: run felix-hub migrate\."):
        schema.check(empty_database)


def test_an_older_schema_is_refused(any_database: Database) -> None:
    _at(any_database, "0012_order_index")
    with pytest.raises(SchemaError, match="schema 0012_order_index, this code wants"):
        schema.check(any_database)


def test_a_newer_schema_is_accepted_so_that_the_previous_code_goes_on_during_a_deploy(any_database: Database) -> None:
    _at(any_database, "9999_later")
    assert schema.check(any_database) == "9999_later"
    assert schema.migrate(any_database) == "9999_later"


def test_a_newer_schema_may_name_this_code_as_too_old(any_database: Database) -> None:
    _at(any_database, "9999_later", oldest="9998_almost")
    for go in (schema.check, schema.migrate):
        with pytest.raises(SchemaError, match="needs code for 9998_almost or newer: update this program"):
            go(any_database)


def test_those_who_were_here_before_a_notice_on_wish_have_not_wished_for_it(any_database: Database) -> None:
    dima, noa = hire(any_database, DIMA), hire(any_database, NOA)
    with any_database.write() as session:
        for person, muted in ((dima, []), (noa, ["notice.waiting"])):
            session.get_one(Person, person.id).muted = muted
    with any_database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        importlib.import_module("common.database.migrations.versions.0009_partly_ready").upgrade()
    with any_database.read() as session:
        assert session.get_one(Person, dima.id).muted == ["notice.partly_ready"]
        assert session.get_one(Person, noa.id).muted == ["notice.partly_ready", "notice.waiting"]


def _at(database: Database, revision: str, oldest: str | None = None) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        if oldest:
            session.execute(text("UPDATE schema_floor SET oldest = :it"), {"it": oldest})


def test_times_come_back_aware_and_naive_ones_are_refused(any_database: Database) -> None:
    from datetime import UTC, datetime, timedelta, timezone

    from sqlalchemy.exc import StatementError

    from common.database.models import LoginAttempt

    there = datetime(2026, 11, 23, 21, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    with any_database.write() as session:
        session.add(LoginAttempt(subject="x", at=there))
    with any_database.read() as session:
        row = session.query(LoginAttempt).one()
    assert row.at == there
    assert row.at.tzinfo is UTC
    with pytest.raises(StatementError, match="without a zone"), any_database.write() as session:
        session.add(LoginAttempt(subject="x", at=there.replace(tzinfo=None)))
