"""message: lists messages that did not arrive, or may not have arrived, and settles them."""

from __future__ import annotations

import argparse

from sqlalchemy import select

from common.cli.opening import open_database
from common.database.models import OutboxRow, OutboxState
from common.messaging import outbox

PAGE = 100


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("message", help="messages that need a person").add_subparsers(
        required=True, metavar="ACTION"
    )
    command = actions.add_parser("list", help="the oldest hundred that failed or are unknown")
    command.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this one")
    command.set_defaults(run=show_list)

    command = actions.add_parser("resend", help="send one again")
    command.add_argument("id", type=int)
    command.set_defaults(run=resend)

    command = actions.add_parser("arrived", help="say that an unknown one has arrived")
    command.add_argument("id", type=int)
    command.set_defaults(run=mark_arrived)


def show_list(arguments: argparse.Namespace) -> int:
    statement = (
        select(OutboxRow)
        .where(OutboxRow.state.in_(outbox.REPAIRABLE), OutboxRow.id > arguments.after)
        .order_by(OutboxRow.id)
        .limit(PAGE)
    )
    with open_database() as database, database.read() as session:
        rows = list(session.scalars(statement))
    for row in rows:
        print(_line(row))
    if len(rows) == PAGE:
        print(f"There may be more: felix-hub message list --after {rows[-1].id}")
    elif not rows:
        print("Every message has arrived or is on its way.")
    return 0


def _line(row: OutboxRow) -> str:
    order = f"order {row.order_id}" if row.order_id else "no order"
    twice = "may have arrived" if row.ambiguous and row.state is not OutboxState.HELD else ""
    seen = (f"{row.created_at:%Y-%m-%d %H:%M}", outbox.RECEIPTS[row.state], row.kind, f"chat {row.chat_id}", order)
    why = ": ".join(part for part in (row.reason_code, row.reason_detail) if part)
    return "  ".join(word for word in (str(row.id), *seen, why, twice) if word)


def resend(arguments: argparse.Namespace) -> int:
    with open_database() as database, database.write() as session:
        outbox.resend(session, arguments.id)
    print(f"Message {arguments.id} will be sent again.")
    return 0


def mark_arrived(arguments: argparse.Namespace) -> int:
    with open_database() as database, database.write() as session:
        outbox.mark_arrived(session, arguments.id)
    print(f"Message {arguments.id} counts as arrived.")
    return 0
