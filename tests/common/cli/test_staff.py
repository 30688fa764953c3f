"""`felix-hub staff`, `invite` and `token`: who may come in, and with what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from common import clock
from common.cli.opening import HOST
from common.database.engine import Database
from common.database.models import ApiToken, AuditEntry, Bot, InvitationWay, Login, Person, Role
from common.people import invitations, logins, tokens
from common.people.invitations import InvitationRefused
from common.people.scopes import Scope
from common.settings.config import VARIABLES
from common.signing import digest
from tests.common.cli.shell import Command
from tests.support.cast import PASSWORD, RINA, acts, hire


def test_a_member_of_staff_gets_a_password_that_is_shown_once(felix_hub: Command, any_database: Database) -> None:
    code, out, _ = felix_hub("staff", "add", "Rina", "--username", "Rina", "--role", "storekeeper", "--language", "he")
    assert code == 0
    greeting, shown = out.splitlines()
    assert greeting == "Rina logs in as rina."
    password = shown.removeprefix("Password, shown only now: ")
    with any_database.read() as session:
        person_id, hashed = logins.find(session, "rina")
        person = session.get_one(Person, person_id)
    assert logins.password_matches(password, hashed)
    assert (person.role, person.language, person.language_chosen) == (Role.STOREKEEPER, "he", True)


def test_a_password_of_ones_own_comes_from_a_file_or_a_pipe_and_is_not_shown(
    felix_hub: Command, any_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\r\nsecond line\n")
    add = ("staff", "add", "Avi", "--username", "avi", "--role", "manager", "--password-file", str(file))
    assert felix_hub(*add) == (0, "Avi logs in as avi.\n", "")
    said = "avi has a new password and is signed out everywhere.\n"
    for given, source in ((PASSWORD, str(file)), ("another one entirely", "-")):
        words = ("staff", "password", "AVI", "--password-file", source)
        assert felix_hub(*words, stdin="another one entirely\n") == (0, said, "")
        with any_database.read() as session:
            assert logins.password_matches(given, logins.find(session, "avi")[1])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "", "--username", "rina", "--role", "manager"), "A name has 1 to 80 printable characters."),
        (("add", "Rina", "--username", "r r", "--role", "manager"), "A username has 2 to 64 printable characters"),
        (("add", "Rina", "--username", "rina", "--role", "manager", "--password-file", "-"), "at least 10 characters"),
        (("add", "Rina", "--username", "rina", "--role", "manager", "--password-file", "/no"), "cannot be read"),
        (("add", "Rina", "--username", "rina", "--role", "mechanic"), "invalid choice"),
        (("password", "nobody"), "There is no username nobody."),
    ],
)
def test_what_is_no_login_is_refused(
    felix_hub: Command, any_database: Database, words: tuple[str, ...], says: str
) -> None:
    code, out, error = felix_hub("staff", *words, stdin="short\n")
    assert (code, out) == (2, "")
    assert says in error
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Login)) == 0


def test_a_username_that_is_taken_is_refused(felix_hub: Command) -> None:
    felix_hub("staff", "add", "Rina", "--username", "rina", "--role", "manager")
    code, _, error = felix_hub("staff", "add", "Rina", "--username", "RINA", "--role", "manager")
    assert (code, error) == (2, "felix-hub: This username is taken.\n")


def test_an_invitation_is_a_link_where_the_bot_is_known(felix_hub: Command, any_database: Database) -> None:
    _, unknown, _ = felix_hub("invite", "Лев")
    assert "/start " in unknown
    with any_database.write() as session:
        link = {"link_base": "https://t.me", "username": "felix_bot"}
        session.add(Bot(bot_id=1, name="F", active_at=clock.utcnow(), webhook={}, **link))
    code, out, _ = felix_hub("invite", "Лев", "--language", "ru")
    assert code == 0
    base, _, invitation = out.splitlines()[1].partition("?start=")
    assert base == "https://t.me/felix_bot"
    with any_database.write() as session:
        joined = invitations.accept(session, invitation, telegram_id=2001, language="en")
        assert isinstance(joined, Person)
        assert (joined.name, joined.language, joined.language_chosen) == ("Лев", "ru", True)


def test_a_token_is_made_listed_and_revoked(felix_hub: Command, any_database: Database) -> None:
    hire(any_database, RINA, password=PASSWORD)
    words = ("--name", "till", "--as", "rina", "--scope", "orders:write", "--scope", "orders:read", "--expires", "90d")
    code, out, _ = felix_hub("token", "create", *words)
    assert code == 0
    value = out.splitlines()[-1].removeprefix("Shown only now: ")
    with any_database.read() as session:
        found = tokens.find(session, value)
        assert found is not None
        assert (found.name, found.scopes) == ("till", ["orders:read", "orders:write"])
    listed = felix_hub("token", "list")[1]
    assert listed.startswith("1  till  as Rina  orders:read orders:write  good until ")
    assert value not in listed
    assert felix_hub("token", "revoke", "1") == (0, "Token 1 for till opens nothing any more.\n", "")
    assert "  revoked  never used" in felix_hub("token", "list")[1]
    with any_database.read() as session:
        assert tokens.find(session, value) is None


@pytest.mark.parametrize(("choice", "days"), [((), 365), (("--expires", "2d"), 2), (("--expires", "never"), None)])
def test_a_token_ends_after_a_year_unless_another_end_was_chosen(
    felix_hub: Command, any_database: Database, choice: tuple[str, ...], days: int | None
) -> None:
    hire(any_database, RINA, password=PASSWORD)
    assert felix_hub("token", "create", "--name", "till", "--as", "rina", "--scope", "orders:read", *choice)[0] == 0
    with any_database.read() as session:
        row = session.scalars(select(ApiToken)).one()
    assert (row.expires_at - row.created_at if row.expires_at else None) == (timedelta(days=days) if days else None)


def test_all_access_ends_at_once_and_the_audit_says_so(felix_hub: Command, any_database: Database) -> None:
    """As after a restored backup: what was ended since the backup was made is there again."""
    rina = hire(any_database, RINA, password=PASSWORD)
    with any_database.write() as session:
        cookie = logins.open_session(session, rina.id, "a browser")
        value = tokens.create(session, HOST, person=rina, name="till", scopes={Scope.ORDERS_READ})[1]
        codes = [invitations.invite(session, actor, name="Lev")[1] for actor in (HOST, acts(rina))]
    assert felix_hub("end-access")[0] == 2
    assert felix_hub("end-access", "--all")[0] == 0
    with any_database.read() as session:
        assert logins.live_session(session, digest(cookie)) is None
        assert tokens.find(session, value) is None
        looked_up = [invitations.look_up(session, code, InvitationWay.CHAT) for code in codes]
        assert all(isinstance(found, InvitationRefused) for found in looked_up)
        assert session.scalars(select(AuditEntry.kind)).all()[-1] == "person.all_signed_out"
        assert logins.find(session, "rina")[0] == rina.id


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--scope", "everything"), "invalid choice: 'everything'"),
        (("--expires", "soon"), "soon is not a span such as 90d or 12h"),
        (("--expires", "99999d"), "99999d is not a span"),
        (("--as", "nobody"), "There is no username nobody."),
        (("--name", " "), "A name has 1 to 80 printable characters."),
    ],
)
def test_what_is_no_token_is_refused(
    felix_hub: Command, any_database: Database, change: tuple[str, str], says: str
) -> None:
    hire(any_database, RINA, password=PASSWORD)
    code, _, error = felix_hub("token", "create", "--name", "till", "--as", "rina", "--scope", "orders:read", *change)
    assert code == 2
    assert says in error


def test_a_new_secret_is_one_that_the_settings_take(felix_hub: Command) -> None:
    _, first, _ = felix_hub("token", "new")
    _, second, _ = felix_hub("token", "new")
    assert first != second
    for name in ("SECRET_KEY", "WEBHOOK_SECRET", "DOORBELL_SECRET", "METRICS_TOKEN"):
        VARIABLES[name].read({name: first})
