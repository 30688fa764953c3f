"""staff, invite: admit people to the desk and the chat."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.cli.opening import HOST, open_database
from common.cli.refusals import CommandRefused
from common.database.models import Login, Role
from common.errors import NotFound
from common.languages import LANGUAGES
from common.messaging import bots
from common.people import invitations, logins, people, staff
from common.settings.config import StationSettings
from common.signing import fresh_code

STAFF = (Role.STOREKEEPER, Role.MANAGER)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("staff", help="who logs in at the desk").add_subparsers(
        required=True, metavar="ACTION"
    )
    command = actions.add_parser("add", help="a new member of staff")
    command.add_argument("name", help="as colleagues know them")
    command.add_argument("--username", required=True, help="what they log in with")
    command.add_argument("--role", required=True, choices=[role.value for role in STAFF])
    command.add_argument("--language", choices=LANGUAGES, help="default: STATION_LANGUAGE")
    _add_password_option(command)
    command.set_defaults(run=add_staff)

    command = actions.add_parser("password", help="a new password; signs them out everywhere")
    command.add_argument("username")
    _add_password_option(command)
    command.set_defaults(run=new_password)

    command = commands.add_parser("invite", help="a link that lets one person join the bot, once, within a day")
    command.add_argument("name", help="whom it is for")
    command.add_argument("--role", choices=[role.value for role in Role], default=Role.MECHANIC.value)
    command.add_argument("--language", choices=LANGUAGES, help="default: they choose")
    command.set_defaults(run=invite)


def _add_password_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--password-file", metavar="FILE", help="its first line is the password; - reads it from standard input"
    )


def add_staff(arguments: argparse.Namespace) -> int:
    password = _password(arguments.password_file)
    with open_database() as database, database.write() as session:
        person = people.add_person(
            session,
            name=arguments.name,
            role=Role(arguments.role),
            language=arguments.language or StationSettings.from_env().station_language,
            chosen=arguments.language is not None,
        )
        login = logins.set_password(session, person, arguments.username, password, station=_station_name())
        staff.record(session, HOST, "person.added", person)
    print(f"{person.name} logs in as {login.username}.")
    _show(arguments, password)
    return 0


def _station_name() -> str:
    return StationSettings.from_env().station_name


def new_password(arguments: argparse.Namespace) -> int:
    password = _password(arguments.password_file)
    with open_database() as database, database.write() as session:
        login = _login(session, arguments.username)
        logins.set_password(session, login.person, login.username, password, station=_station_name())
        staff.record(session, HOST, "person.password_given", login.person)
    print(f"{login.username} has a new password and is signed out everywhere.")
    _show(arguments, password)
    return 0


def _login(session: Session, username: str) -> Login:
    login = session.scalar(select(Login).where(Login.username == username.strip().lower()))
    if login is None:
        raise NotFound("username", username)
    return login


def _password(file: str | None) -> str:
    """The password in the first line of the file, or a fresh one. Raises: CommandRefused."""
    if file is None:
        return fresh_code(12)
    try:
        text = sys.stdin.read(10_000) if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandRefused(f"The password cannot be read from {file}: {error}.") from None
    return text.partition("\n")[0].rstrip("\r")


def _show(arguments: argparse.Namespace, password: str) -> None:
    if arguments.password_file is None:
        print(f"Password, shown only now: {password}")


def invite(arguments: argparse.Namespace) -> int:
    with open_database() as database:
        with database.write() as session:
            invitation, code = invitations.invite(
                session, HOST, name=arguments.name, role=Role(arguments.role), language=arguments.language
            )
        with database.read() as session:
            link = bots.bot_link(session, code)
    print(f"An invitation for {invitation.name}, good once until {invitation.expires_at:%Y-%m-%d %H:%M} UTC:")
    print(link or f"/start {code}   (to be sent to the bot)")
    return 0
