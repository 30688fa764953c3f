"""quarantine: lists updates that could not be processed, and puts them back."""

from __future__ import annotations

import argparse

from common.cli.opening import open_database
from common.database.engine import Database
from common.database.models import InboxRow, InboxState
from common.errors import NotFound
from common.messaging import inbox

PAGE = 100
MOST_SHOWN = 4000  # characters of a body


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser(
        "quarantine", help="updates that failed three times, or could not be read"
    ).add_subparsers(required=True, metavar="ACTION")
    command = actions.add_parser("list", help="the oldest hundred")
    command.add_argument("--after", type=int, default=0, metavar="SEQ", help="go on after this one")
    command.set_defaults(run=show_list)

    command = actions.add_parser("show", help="one update, with what is known of its attempts")
    command.add_argument("seq", type=int)
    command.set_defaults(run=show)

    command = actions.add_parser("replay", help="put updates back: they run as if they had just come")
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("seq", type=int, nargs="?")
    which.add_argument("--all", action="store_true")
    command.set_defaults(run=replay)


def show_list(arguments: argparse.Namespace) -> int:
    with open_database() as database, database.read() as session:
        rows = inbox.quarantined(session, PAGE, arguments.after)
        for row in rows:
            print(f"{row.seq}  {row.received_at:%Y-%m-%d %H:%M:%S}  {row.kind}  {row.lane}  {_last_line(row)}")
    if len(rows) == PAGE:
        print(f"There may be more: felix-hub quarantine list --after {rows[-1].seq}")
    elif not rows:
        print("Nothing is in quarantine.")
    return 0


def _last_line(row: InboxRow) -> str:
    """The last line of a traceback, which names the error."""
    lines = (row.error or "").strip().splitlines()
    return lines[-1][:120] if lines else ""


def show(arguments: argparse.Namespace) -> int:
    with open_database() as database, database.read() as session:
        row = session.get(InboxRow, arguments.seq)
        if row is None or row.state is not InboxState.QUARANTINED:
            raise NotFound("update in quarantine with the number", arguments.seq)
        print(f"Update {row.update_id} of {row.kind}, lane {row.lane}, attempts {row.attempts}")
        print((row.body or b"").decode("utf-8", "replace")[:MOST_SHOWN])
        print(row.error or "")
    return 0


def replay(arguments: argparse.Namespace) -> int:
    with open_database() as database:
        count = _replay_all(database) if arguments.all else _replay_one(database, arguments.seq)
    print(f"Put back: {count}.")
    return 0


def _replay_one(database: Database, seq: int) -> int:
    with database.write() as session:
        inbox.replay(session, seq)
    return 1


def _replay_all(database: Database) -> int:
    """Replay each update in its own transaction. Unreadable updates stay, because they cannot be run."""
    count, after = 0, 0
    while True:
        with database.read() as session:
            rows = inbox.quarantined(session, PAGE, after)
        if not rows:
            return count
        after = rows[-1].seq
        count += sum(_replay_one(database, row.seq) for row in rows if row.update_id is not None)
