"""version, migrate, reindex, seed: the first commands for a new station, and after an update of the program."""

from __future__ import annotations

import argparse
from pathlib import Path

from common.catalogue import catalogue
from common.cli.opening import connect_database, open_database
from common.cli.refusals import CommandRefused
from common.database import schema
from common.operation import reindexing
from common.settings.config import StationSettings
from common.settings.version import ROOT, version
from common.talk import quick_replies

FILED = "Filed {} orders and cars for the search."


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("version", help="this program's version, the schema it wants, and where it lies")
    command.set_defaults(run=show_version)

    command = commands.add_parser(
        "migrate", help="bring the database up to this program's schema, and the order index too"
    )
    command.set_defaults(run=migrate)

    command = commands.add_parser("reindex", help="file all orders for the search, unless they are filed")
    command.add_argument("--every", action="store_true", help="file them anew, whatever the index says of itself")
    command.set_defaults(run=reindex)

    command = commands.add_parser(
        "seed", help="load the catalogue, and quick replies if there are none; twice is as good as once"
    )
    command.add_argument("file", nargs="?", type=Path, default=catalogue.DEFAULT_FILE, help="a CSV file; default: ours")
    command.set_defaults(run=seed)


def migrate(_: argparse.Namespace) -> int:
    with connect_database(StationSettings.from_env()) as database:
        print(_told(schema.migrate(database)))
        if filed := reindexing.reindex(database):
            print(FILED.format(filed))
    return 0


def _told(revision: str) -> str:
    if revision > schema.head_revision():
        return (
            f"The schema is at {revision}, newer than this program's ({schema.head_revision()}): nothing was changed."
        )
    return f"The schema is at {revision}."


def show_version(_: argparse.Namespace) -> int:
    print(f"Felix Hub {version()}")
    print(f"schema {schema.head_revision()}")
    print(f"from {ROOT}")
    return 0


def reindex(arguments: argparse.Namespace) -> int:
    with open_database() as database:
        filed = reindexing.reindex(database, every=arguments.every)
    print(FILED.format(filed) if filed else "The order index is current.")
    return 0


def seed(arguments: argparse.Namespace) -> int:
    try:
        with open_database() as database, database.write() as session:
            added = catalogue.load(session, arguments.file)
            answers = quick_replies.add_first_replies(session)
    except (OSError, UnicodeDecodeError, KeyError) as error:
        why = f"no column {error}" if isinstance(error, KeyError) else str(error)
        raise CommandRefused(f"{arguments.file} is not a catalogue that can be read: {why}.") from None
    print(f"Added {added} parts to the catalogue.")
    if answers:
        print(f"Added {answers} quick replies.")
    return 0
