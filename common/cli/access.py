"""end-access: all that opens the desk, the chat or the API by itself ends, as after a restored backup or a theft."""

from __future__ import annotations

import argparse

from common.cli.opening import HOST, open_database
from common.people import staff


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "end-access", help="end every session, link, invitation and token; passwords and linked chats stay"
    )
    command.add_argument(
        "--all", action="store_true", required=True, help="everybody's; said by name, because nothing brings it back"
    )
    command.set_defaults(run=end_access)


def end_access(_: argparse.Namespace) -> int:
    with open_database() as database, database.write() as session:
        staff.end_all_access(session, HOST)
    print("Every session, link, invitation and token is ended. Staff sign in again; programs need new tokens.")
    return 0
