"""The `felix-hub` command: each does one thing, and refuses with one clear sentence and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from common.cli import parser
from common.database import schema
from common.database.engine import Database
from common.database.models import (
    OrderIndex,
    Part,
)
from common.settings.version import version
from tests.common.cli.shell import Command, in_a_shell
from tests.support.cast import DIMA, hire
from tests.webapp.desks import place


def test_migrate_says_where_the_schema_is(felix_hub: Command) -> None:
    assert felix_hub("migrate") == (0, f"The schema is at {schema.head_revision()}.\n", "")


def test_migrate_leaves_a_newer_schema_and_says_so(felix_hub: Command, any_database: Database) -> None:
    with any_database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    told = f"The schema is at 9999_later, newer than this program's ({schema.head_revision()}): nothing was changed.\n"
    assert felix_hub("migrate") == (0, told, "")


def test_the_version_names_the_release_the_files_and_the_schema(felix_hub: Command) -> None:
    told = f"Felix Hub {version()}\nschema {schema.head_revision()}\nfrom {Path(__file__).parents[3]}\n"
    assert felix_hub("version") == (0, told, "")
    assert felix_hub("--version") == (0, f"Felix Hub {version()}\n", "")


def test_reindex_files_what_another_program_filed_otherwise(felix_hub: Command, any_database: Database) -> None:
    assert felix_hub("reindex") == (0, "The order index is current.\n", "")
    place(any_database, hire(any_database, DIMA), plate="1234567")
    assert felix_hub("reindex", "--every") == (0, "Filed 2 orders and cars for the search.\n", "")
    with any_database.write() as session:
        session.execute(update(OrderIndex).values(version=0))
    assert felix_hub("migrate")[1].endswith("\nFiled 2 orders and cars for the search.\n")
    assert felix_hub("reindex") == (0, "The order index is current.\n", "")


def test_a_new_station_is_migrated_from_nothing(tmp_path: Path) -> None:
    ended = in_a_shell(f"sqlite:///{tmp_path / 'new.sqlite3'}", "migrate")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"The schema is at {schema.head_revision()}.\n", "")


@pytest.mark.parametrize("words", [["seed"], ["invite", "Lev"], ["quarantine", "list"], ["message", "list"]])
def test_an_empty_database_is_refused_with_the_command_that_helps(tmp_path: Path, words: list[str]) -> None:
    ended = in_a_shell(f"sqlite:///{tmp_path / 'empty.sqlite3'}", *words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("felix-hub: The database is at schema none")
    assert ended.stderr.endswith(": run felix-hub migrate.\n")


def test_without_settings_the_variable_is_named() -> None:
    ended = in_a_shell("", "message", "list")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("felix-hub: DATABASE_URL is not set: it wants ")


@pytest.mark.parametrize("words", [["migrate"], ["message", "list"]])
def test_a_database_that_is_not_there_is_one_sentence_without_its_password(words: list[str]) -> None:
    ended = in_a_shell("postgresql://felix:geheim@127.0.0.1:1/felix", *words)
    assert ended.returncode == 2
    assert ended.stderr.startswith("felix-hub: The database does not answer: ")
    assert "geheim" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_the_database_refuses_is_not_called_silence(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as session:
        session.execute(text("CREATE TRIGGER full BEFORE INSERT ON person BEGIN SELECT RAISE(ABORT, 'no more'); END"))
    database.dispose()
    ended = in_a_shell(database_url, "staff", "add", "Rina", "--username", "rina", "--role", "storekeeper")
    assert (ended.returncode, ended.stderr) == (2, "felix-hub: The database refuses it: no more\n")


def test_seeding_twice_is_as_good_as_once(felix_hub: Command, any_database: Database) -> None:
    assert felix_hub("seed") == (0, "Added 420 parts to the catalogue.\nAdded 4 quick replies.\n", "")
    assert felix_hub("seed") == (0, "Added 0 parts to the catalogue.\n", "")
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 420


@pytest.mark.parametrize("content", [None, b"a,b\n1,2\n", b"\xff\xfe"])
def test_a_file_that_is_no_catalogue_is_refused(felix_hub: Command, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "own.csv"
    if content is not None:
        file.write_bytes(content)
    code, _, error = felix_hub("seed", str(file))
    assert code == 2
    assert "is not a catalogue that can be read" in error


def test_the_doctor_says_ok_warn_or_fail_and_ends_with_1_when_something_fails(felix_hub: Command) -> None:
    code, out, _ = felix_hub("doctor")
    assert code == 1
    assert {line[:4].strip() for line in out.splitlines()} == {"ok", "warn", "fail"}
    assert "fail  No daemon has ever run: start python -m bot_daemon." in out


def test_every_command_explains_itself() -> None:
    helped = parser().format_help()
    for command in (
        "migrate",
        "reindex",
        "seed",
        "staff",
        "invite",
        "token",
        "quarantine",
        "message",
        "doctor",
        "demo",
    ):
        assert f"\n    {command}" in helped
