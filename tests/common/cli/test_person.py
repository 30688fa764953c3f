"""`felix-hub person`: hands out what is stored, and erases it after a question."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from common.database.engine import Database
from common.database.models import Order, Person
from common.personal import belonging
from common.personal.register import PERSONAL
from tests.common.cli.shell import Command
from tests.common.personal.planted import MARK, MEMBER, planted
from tests.support.cast import DIMA, hire
from tests.webapp.desks import place


def test_the_export_holds_every_table_every_personal_column_and_the_files(
    felix_hub: Command, any_database: Database, tmp_path: Path
) -> None:
    dima = planted(any_database)
    file = tmp_path / "dima.zip"
    code, out, err = felix_hub("person", "export", MEMBER.name, str(file))
    assert (code, err, file.stat().st_mode & 0o777) == (0, "", 0o600), out
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("person.json"))
        photos = [archive.read(name) for name in archive.namelist() if name.startswith("media/")]
    assert photos == [MARK.encode()]
    assert told["rows"].keys() == {table.__tablename__ for table in belonging.ROWS}
    hidden = {"password_hash", "digest", "browser_digest", "key", "asked", "body", "thumbnail"}
    for table, rows in told["rows"].items():
        assert rows, table
        assert set(PERSONAL[table].split()) - hidden <= rows[0].keys(), table
    assert told["rows"]["orders"][0]["comment"] == f"comment {MARK}"
    assert told["rows"]["inbox"][0]["body"] == f"update {MARK}"
    assert "argon2" not in json.dumps(told)
    assert felix_hub("person", "export", str(dima.id), str(file))[0] == 2  # nothing is written over


def test_erasing_asks_first_and_says_how_much(felix_hub: Command, any_database: Database) -> None:
    dima = planted(any_database)
    for answer in ("no\n", ""):  # the second: nobody is there to answer
        code, out, _ = felix_hub("person", "erase", MEMBER.name, stdin=answer)
        assert (code, out.endswith("Nothing was changed.\n")) == (0, True)
        assert "1 orders, 3 chat messages, 1 files" in out
    code, out, err = felix_hub("person", "erase", str(dima.id), "--yes")
    assert (code, out, err) == (0, f"Erased: the person is now Бывший механик {dima.id}.\n", "")
    assert felix_hub("person", "erase", str(dima.id), "--yes")[2] == f"felix-hub: Person {dima.id} is erased already.\n"


def test_who_is_meant_must_be_clear(felix_hub: Command, any_database: Database) -> None:
    first, second = hire(any_database, DIMA), None
    with any_database.write() as session:
        session.add(second := Person(name="Dima", role=first.role, language="ru", created_at=first.created_at))
    told = f"felix-hub: Several people are called Dima: give a number ({first.id}, {second.id}).\n"
    assert felix_hub("person", "erase", "Dima", "--yes")[2] == told
    assert felix_hub("person", "erase", "Nobody", "--yes")[2] == "felix-hub: There is no person Nobody.\n"


def test_open_orders_are_named(felix_hub: Command, any_database: Database) -> None:
    order = place(any_database, hire(any_database, DIMA))
    code, _, err = felix_hub("person", "erase", "Dima", "--yes")
    assert (code, err.endswith(f"given to somebody else: {order.id}.\n")) == (2, True)
    with any_database.read() as session:
        assert session.get_one(Order, order.id).person.archived_at is None
