"""token: secrets for the settings, and the tokens with which programs use the API."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.cli.opening import HOST, open_database
from common.cli.refusals import CommandRefused
from common.database.models import ApiToken, Login, Person
from common.errors import NotFound
from common.people import tokens
from common.people.scopes import Scope
from common.signing import fresh_code

PAGE = 100
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST = timedelta(days=3660)
NEVER = "never"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("token", help="secrets, and the keys of the API").add_subparsers(
        required=True, metavar="ACTION"
    )
    actions.add_parser("new", help="print a fresh strong secret for the settings").set_defaults(run=show_fresh_secret)

    command = actions.add_parser("create", help="a token of the API, shown once")
    command.add_argument("--name", required=True, help="which program it is for")
    command.add_argument("--as", dest="username", required=True, help="the member of staff it acts as, by username")
    command.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=[scope.value for scope in Scope],
        help="what it may be used for; may be given several times",
    )
    command.add_argument(
        "--expires", metavar="SPAN", default="365d", help="90d or 12h from now, or never; default: 365d"
    )
    command.set_defaults(run=create)

    command = actions.add_parser("list", help="the tokens of the API, a hundred at a time")
    command.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this one")
    command.set_defaults(run=show_list)

    command = actions.add_parser("revoke", help="a token of the API opens nothing any more")
    command.add_argument("id", type=int)
    command.set_defaults(run=revoke)


def show_fresh_secret(_: argparse.Namespace) -> int:
    print(fresh_code(32))
    return 0


def create(arguments: argparse.Namespace) -> int:
    life = _life(arguments.expires)
    with open_database() as database, database.write() as session:
        row, value = tokens.create(
            session,
            HOST,
            person=_person(session, arguments.username),
            name=arguments.name,
            scopes={Scope(scope) for scope in arguments.scope},
            life=life,
        )
    print(f"Token {row.id} for {row.name}, {_until(row.expires_at)}.")
    print(f"Shown only now: {value}")
    return 0


def _life(span: str) -> timedelta | None:
    """Raises: CommandRefused."""
    if span == NEVER:
        return None
    read = re.fullmatch(r"([1-9][0-9]{0,4})([hd])", span)
    life = int(read[1]) * UNITS[read[2]] if read else LONGEST * 2
    if life > LONGEST:
        raise CommandRefused(f"{span} is not a span such as 90d or 12h, at most ten years, nor {NEVER}.")
    return life


def _person(session: Session, username: str) -> Person:
    person = session.scalar(select(Person).join(Login).where(Login.username == username.strip().lower()))
    if person is None:
        raise NotFound("username", username)
    return person


def _until(expires_at: datetime | None) -> str:
    return f"good until {expires_at:%Y-%m-%d %H:%M} UTC" if expires_at else "good until it is revoked"


def show_list(arguments: argparse.Namespace) -> int:
    with open_database() as database, database.read() as session:
        lines = [(row.id, _line(row)) for row in tokens.all_tokens(session, arguments.after, PAGE)]
    for _, line in lines:
        print(line)
    if len(lines) == PAGE:
        print(f"There may be more: felix-hub token list --after {lines[-1][0]}")
    elif not lines:
        print("There are no tokens.")
    return 0


def _line(row: ApiToken) -> str:
    used = f"used {row.seen_at:%Y-%m-%d %H:%M}" if row.seen_at else "never used"
    return "  ".join((str(row.id), row.name, f"as {row.person.name}", " ".join(row.scopes), _state(row), used))


def _state(row: ApiToken) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= clock.utcnow():
        return "expired"
    return _until(row.expires_at) if tokens.is_live(row) else f"of no use: {row.person.name} may not come in"


def revoke(arguments: argparse.Namespace) -> int:
    with open_database() as database, database.write() as session:
        row = tokens.revoke(session, HOST, arguments.id)
    print(f"Token {row.id} for {row.name} opens nothing any more.")
    return 0
