"""person: hand out what is stored about somebody, and erase it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.cli.opening import HOST, open_database
from common.cli.refusals import CommandRefused
from common.database.engine import Database
from common.database.models import Person
from common.errors import NotFound
from common.media import media_store
from common.people import staff
from common.personal import erasure, export
from common.settings.config import StationSettings

QUESTION = (
    "{name} (person {number}) will be erased: name, account and login, the words and files of {orders} orders, "
    "{messages} chat messages, {files} files. Order numbers, lines and days stay. It cannot be undone. Type yes: "
)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("person", help="hand out or erase what is stored about somebody").add_subparsers(
        required=True, metavar="ACTION"
    )
    command = actions.add_parser("export", help="everything about one person, as a zip of JSON and files")
    command.add_argument("who", help="the person's number, or their whole name")
    command.add_argument("file", type=Path, nargs="?", help="default: person-NUMBER.zip")
    command.set_defaults(run=export_person)

    command = actions.add_parser("erase", help="take name, account, words and files of one person; the numbers stay")
    command.add_argument("who", help="the person's number, or their whole name")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.set_defaults(run=erase)


def _find(session: Session, who: str) -> Person:
    """Raises: NotFound, CommandRefused when several people have the name."""
    if who.isdecimal():
        return staff.get(session, int(who))
    found = session.scalars(select(Person).where(Person.name == who).order_by(Person.id).limit(6)).all()
    if not found:
        raise NotFound("person", who)
    if len(found) > 1:
        raise CommandRefused(f"Several people are called {who}: give a number ({', '.join(str(p.id) for p in found)}).")
    return found[0]


def export_person(arguments: argparse.Namespace) -> int:
    settings = StationSettings.from_env()
    with open_database() as database, database.write() as session:
        person = _find(session, arguments.who)
        file = arguments.file or Path(f"person-{person.id}.zip")
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                count = export.write(session, person, target, _reader(session, settings))
        except OSError as error:
            raise CommandRefused(f"{file} cannot be written: {error.strerror}.") from None
        staff.record(session, HOST, "person.exported", person)
    print(f"Wrote {count} rows to {file}.")
    return 0


def _reader(session: Session, settings: StationSettings) -> Callable[[str], bytes]:
    return partial(_body, session, settings)


def _body(session: Session, settings: StationSettings, digest: str) -> bytes:
    body = media_store.stored_body(session, digest)
    return body if body is not None else media_store.Directory(settings.media_dir).path(digest).read_bytes()


def erase(arguments: argparse.Namespace) -> int:
    settings = StationSettings.from_env()
    with open_database() as database:
        with database.read() as session:
            person = _find(session, arguments.who)
            if person.erased_at is not None:
                raise CommandRefused(f"Person {person.id} is erased already.")
            if not arguments.yes and not _is_confirmed(session, person):
                print("Nothing was changed.")
                return 0
        with database.write() as session:
            erasure.begin(session, HOST, person.id)
        _finish(database, settings.station_language)
        with database.read() as session:
            name = staff.get(session, person.id).name
            done = staff.get(session, person.id).erased_at is not None
    print(f"Erased: the person is now {name}." if done else "A message is on its way: the daemon erases the rest.")
    return 0


def _is_confirmed(session: Session, person: Person) -> bool:
    extent = erasure.extent(session, person)
    asked = QUESTION.format(
        name=person.name, number=person.id, orders=extent.orders, messages=extent.messages, files=extent.files
    )
    sys.stdout.write(asked)
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def _finish(database: Database, language: str) -> None:
    """Work everything off, and empty SQLite's log, where older pages would still hold what is gone."""
    going_on = True
    while going_on:
        with database.write() as session:
            going_on = erasure.go_on(session, language)
    database.empty_log()
