"""The `felix-hub` command: each does one thing, and refuses with one clear sentence and exit code 2."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from common import clock
from common.cli import main, parser
from common.database import schema
from common.database.engine import Database
from common.database.models import (
    Bot,
    InboxRow,
    InboxState,
    Login,
    OrderIndex,
    OutboxRow,
    OutboxState,
    Part,
    Person,
    ReasonCode,
    Role,
)
from common.messaging import attempts, inbox, outbox
from common.messaging.attempts import Attempt
from common.messaging.inbox import read_envelope
from common.messaging.kinds import MessageKind
from common.people import invitations, logins, tokens
from common.settings.config import VARIABLES
from tests.support.cast import DIMA, PASSWORD, RINA, hire
from tests.support.examples import example
from tests.webapp.desks import place

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def felix_hub(
    any_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Runs a command as a shell does. Returns exit code, standard output, standard error."""
    before = logging.root.handlers[:], logging.root.level, sys.excepthook, threading.excepthook

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setenv("DATABASE_URL", any_database_url)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main(words)
        except SystemExit as exit:
            code = int(exit.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    yield run
    monkeypatch.undo()
    logging.root.handlers[:], logging.root.level, sys.excepthook, threading.excepthook = before


def in_a_shell(database_url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """As a real process, for what only a shell sees; with nothing in the environment but its database."""
    program = "import sys; from common.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={"DATABASE_URL": database_url} if database_url else {},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_migrate_says_where_the_schema_is(felix_hub: Command) -> None:
    assert felix_hub("migrate") == (0, f"The schema is at {schema.head_revision()}.\n", "")


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
    assert felix_hub("seed") == (0, "Added 60 parts to the catalogue.\nAdded 4 quick replies.\n", "")
    assert felix_hub("seed") == (0, "Added 0 parts to the catalogue.\n", "")
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 60


@pytest.mark.parametrize("content", [None, b"a,b\n1,2\n", b"\xff\xfe"])
def test_a_file_that_is_no_catalogue_is_refused(felix_hub: Command, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "own.csv"
    if content is not None:
        file.write_bytes(content)
    code, _, error = felix_hub("seed", str(file))
    assert code == 2
    assert "is not a catalogue that can be read" in error


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
    assert (code, error) == (2, "felix-hub: Somebody has that username already.\n")


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


def quarantined(database: Database, count: int) -> list[int]:
    bodies = [b'{"update_id":%d,"message":{"text":"brakes"}}' % number for number in range(count)]
    with database.write() as session:
        inbox.record(session, 1, [read_envelope(body) for body in [*bodies, b"nonsense"]])
        rows = list(session.scalars(select(InboxRow.seq).order_by(InboxRow.seq).limit(count)))
        for seq in rows:
            attempts.raised(session, Attempt(seq, 1), "Traceback\n  line\nValueError: no such part", most=1)
    return rows


def test_quarantine_is_listed_shown_and_put_back(felix_hub: Command, any_database: Database) -> None:
    assert felix_hub("quarantine", "list") == (0, "Nothing is in quarantine.\n", "")
    (seq,) = quarantined(any_database, 1)
    _, listed, _ = felix_hub("quarantine", "list")
    assert "ValueError: no such part" in listed.splitlines()[0]
    _, shown, _ = felix_hub("quarantine", "show", str(seq))
    assert "brakes" in shown
    assert "Traceback" in shown
    assert felix_hub("quarantine", "replay", str(seq)) == (0, "Put back: 1.\n", "")
    with any_database.read() as session:
        assert session.get_one(InboxRow, seq).state is InboxState.RECEIVED


def test_all_of_quarantine_is_put_back_but_what_cannot_be_read(felix_hub: Command, any_database: Database) -> None:
    quarantined(any_database, 130)
    code, listed, _ = felix_hub("quarantine", "list")
    assert listed.splitlines()[-1].startswith("There may be more: felix-hub quarantine list --after ")
    assert felix_hub("quarantine", "replay", "--all") == (0, "Put back: 130.\n", "")
    _, left, _ = felix_hub("quarantine", "list")
    assert (code, len(left.splitlines())) == (0, 1)
    assert "unreadable" in left


@pytest.mark.parametrize(
    "words", [("show", "7"), ("replay", "7"), ("replay",), ("replay", "x"), ("replay", "7", "--all")]
)
def test_what_is_not_in_quarantine_is_refused(felix_hub: Command, words: tuple[str, ...]) -> None:
    code, out, error = felix_hub("quarantine", *words)
    assert (code, out) == (2, "")
    assert error


def message(database: Database, state: OutboxState, ambiguous: int = 0) -> int:
    with database.write() as session:
        row_id = (
            outbox.enqueue(
                session,
                key=f"{state}",
                kind=MessageKind.NOTICE_READY,
                arguments=example(MessageKind.NOTICE_READY),
                chat_id=1001,
                stream="s",
            )
            or 0
        )
        row = session.get_one(OutboxRow, row_id)
        row.state, row.ambiguous = state, ambiguous
        outbox.give_reason(row, ReasonCode.REFUSED, "Bad Request: no such button")
    return row_id


def test_messages_that_need_a_person_are_listed(felix_hub: Command, any_database: Database) -> None:
    assert felix_hub("message", "list") == (0, "Every message has arrived or is on its way.\n", "")
    message(any_database, OutboxState.SENT)
    held, failed = message(any_database, OutboxState.HELD, 1), message(any_database, OutboxState.FAILED, 1)
    _, out, _ = felix_hub("message", "list")
    first, second = out.splitlines()
    assert first.startswith(f"{held} ")
    assert "unknown  notice.ready  chat 1001" in first
    assert second.startswith(f"{failed} ")
    assert second.endswith("refused: Bad Request: no such button  may have arrived")


def test_a_message_is_sent_again_or_counts_as_arrived(felix_hub: Command, any_database: Database) -> None:
    failed, held = message(any_database, OutboxState.FAILED), message(any_database, OutboxState.HELD)
    assert felix_hub("message", "resend", str(failed)) == (0, f"Message {failed} will be sent again.\n", "")
    assert felix_hub("message", "arrived", str(held)) == (0, f"Message {held} counts as arrived.\n", "")
    with any_database.read() as session:
        assert session.get_one(OutboxRow, failed).state is OutboxState.PENDING
        assert session.get_one(OutboxRow, held).state is OutboxState.SENT


@pytest.mark.parametrize("action", ["resend", "arrived"])
def test_a_message_that_needs_nobody_is_left_alone(felix_hub: Command, any_database: Database, action: str) -> None:
    sent = message(any_database, OutboxState.SENT)
    for number in (sent, 404):
        code, out, error = felix_hub("message", action, str(number))
        assert (code, out) == (2, "")
        assert error.startswith("felix-hub: There is no ")


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
