"""The only access to the database, for both processes and both engines.

SQLite (docs/explanation/storage): WAL, `BEGIN IMMEDIATE` for transactions that may write (a deferred one that reads and
then writes fails at once with SQLITE_BUSY, whatever the busy timeout), one writer at a time per process, and the
`pysqlite3` build where there is one: SQLite before 3.51.3 can corrupt a WAL file that two processes write.
PostgreSQL: psycopg, lock and statement timeouts, keepalives.
"""

from __future__ import annotations

import enum
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, select, text, update
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from common import clock
from common.database import crashpoints, sqlite_files
from common.database.models import Revision

SAFE_SQLITE = (3, 51, 3)
CHANGED, WORK = "felix.changed", "felix.work"


class Work(enum.StrEnum):
    """The kinds of work that a commit can create."""

    UPDATES = "updates"  # for the consumer
    MESSAGES = "messages"  # for the dispatcher
    MEDIA = "media"  # for the fetcher


def sqlite_module() -> ModuleType:
    """The newest SQLite available: the pysqlite3 wheel's, else the standard library's."""
    try:
        import pysqlite3.dbapi2 as newest
    except ImportError:
        return sqlite3
    return newest  # type: ignore[no-any-return]


def sqlite_is_safe() -> bool:
    """Whether the linked SQLite is free of the WAL-reset corruption bug (fixed in 3.51.3)."""
    return tuple(sqlite_module().sqlite_version_info) >= SAFE_SQLITE


class Database:
    """Engine and transactions. Make it after a fork; `dispose` it at the end.

    Args:
        lock_timeout: seconds a statement may wait for another transaction's lock.
        statement_timeout: seconds one statement may take (PostgreSQL).

    `on_work` is called after each commit that created work: the desk's doorbell, the daemon's wake-up.
    """

    def __init__(
        self,
        url: str,
        *,
        synchronous: str = "FULL",
        lock_timeout: float = 5.0,
        statement_timeout: float = 10.0,
        pool_size: int = 8,
    ) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.on_work: Callable[[frozenset[Work]], None] = lambda work: None
        self._writer = threading.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            self.engine = _sqlite_engine(url, synchronous, lock_timeout, pool_size)
        else:
            self.engine = _postgresql_engine(url, lock_timeout, statement_timeout, pool_size)
        self._immediate = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._hasty = self._immediate.execution_options(synchronous="NORMAL")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads; it never takes the writer's lock."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self, name: str = "write", *, durable: bool = True) -> Iterator[Session]:
        """One transaction: it commits at the end as a whole, or not at all.

        A transaction that need not be `durable` commits without waiting for the disk: it survives the end of the
        process, but perhaps not a power cut.

        The revision is raised as the last statement if `bump_revision` was called; `on_work` is called after the commit
        if `wake_after_commit` was called. The fault tests refer to the commit by `name`.
        """
        engine = self._immediate if durable else self._hasty
        with self._one_writer(), Session(engine, expire_on_commit=False) as session:
            with session.begin():
                if not durable and not self.is_sqlite:
                    session.execute(_HASTE)
                yield session
                session.flush()
                if session.info.get(CHANGED):
                    session.execute(update(Revision).values(value=Revision.value + 1))
                crashpoints.reach(f"{name}.before_commit")
            crashpoints.reach(f"{name}.after_commit")
            work: frozenset[Work] = frozenset(session.info.get(WORK, ()))
        if work:
            self.on_work(work)

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if self._writer is None:
            yield
            return
        with self._writer:
            yield

    def empty_log(self) -> None:
        """Bring SQLite's log into its file and empty it: it holds older pages. Another reader's pages stay in it."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                connection.commit()
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def dispose(self) -> None:
        self.engine.dispose()


_HASTE = text("SET LOCAL synchronous_commit = off")


def bump_revision(session: Session) -> None:
    """Mark this transaction as changing the content of a page."""
    session.info[CHANGED] = True


def wake_after_commit(session: Session, work: Work) -> None:
    """Mark this transaction as creating work."""
    session.info.setdefault(WORK, set()).add(work)


@contextmanager
def kept_in_session(rows: Iterable[object]) -> Iterator[None]:
    """Inside the `with` block, `session.get` finds these rows without a query. A session holds its rows only weakly: it
    forgets a row without other references, and reads it again.
    """
    held = [*rows]
    yield
    held.clear()


_REVISION = select(Revision.value)


def revision(session: Session) -> int:
    """The revision number that the live pages follow."""
    return session.scalar(_REVISION) or 0


def now(session: Session) -> datetime:
    """The database's time where processes may be on several machines, else this machine's."""
    if session.get_bind().dialect.name == "postgresql":
        value: datetime = session.scalar(text("SELECT clock_timestamp()"))
        return value.astimezone(UTC) + clock.travelled()
    return clock.utcnow()


def storable(text: str) -> str:
    """The text without characters that a database cannot hold: NUL (PostgreSQL) and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def error_text(error: DBAPIError) -> str:
    """The database's error text on one line, cut to a limit."""
    return " ".join(str(error.orig).split())[:300]


def is_transient(error: BaseException) -> bool:
    """Whether the database failed (locked, gone, timed out), not the statement: then it can be tried again."""
    if isinstance(error, OperationalError):
        # SQLite also calls an invalid statement "operational"; that is an error of ours.
        return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _is_retryable(error))


def _is_retryable(error: DBAPIError) -> bool:
    # 40001 serialization failure, 40P01 deadlock, 55P03 lock timeout, 57014 statement timeout (PostgreSQL, Appendix A).
    return getattr(error.orig, "sqlstate", None) in ("40001", "40P01", "55P03", "57014")


def is_unique_violation(error: IntegrityError) -> bool:
    """Whether another transaction was the first to use a value that must be unique."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    unique = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return code in unique or getattr(error.orig, "sqlstate", None) == "23505"  # PostgreSQL, Appendix A


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _sqlite_engine(url: str, synchronous: str, lock_timeout: float, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_module(),
        hide_parameters=True,  # what people wrote, and hashes
        json_serializer=_to_json,
        json_deserializer=msgspec.json.decode,
        pool_size=pool_size,
        max_overflow=56,
        connect_args={"check_same_thread": False, "timeout": lock_timeout},
    )

    @event.listens_for(engine, "do_connect")
    def create_file(_dialect: object, _record: object, arguments: list[str], _options: object) -> None:
        sqlite_files.create(arguments[0])

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is sent explicitly, below
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted is overwritten: it must not be found in the file
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        wanted = options.get("synchronous", synchronous)
        if connection.info.setdefault("synchronous", synchronous) != wanted:  # cannot be changed inside a transaction
            connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
            connection.info["synchronous"] = wanted
        kind = options.get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _postgresql_engine(url: str, lock_timeout: float, statement_timeout: float, pool_size: int) -> Engine:
    options = f"-c lock_timeout={int(lock_timeout * 1000)} -c statement_timeout={int(statement_timeout * 1000)}"
    engine = create_engine(
        make_url(url),
        hide_parameters=True,  # what people wrote, and hashes
        json_serializer=_to_json,
        json_deserializer=msgspec.json.decode,
        pool_size=pool_size,
        max_overflow=56,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "options": options,
            "keepalives": 1,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "prepare_threshold": None,  # allows a pooler in transaction mode in between
        },
    )
    event.listen(engine, "handle_error", _leave_out_details)
    return engine


def _leave_out_details(context: ExceptionContext) -> None:
    """PostgreSQL quotes the values of a refused row below its first line (DETAIL), and a value it cannot read (class 22
    of its error codes) in the first line itself.
    """
    error, wrapper = context.original_exception, context.sqlalchemy_exception
    state, words = getattr(error, "sqlstate", None), getattr(getattr(error, "diag", None), "message_primary", None)
    if state and words:
        error.args = (f"{state}: {words if state[:2] != '22' else 'a value does not fit its column'}",)
        if wrapper is not None:
            wrapper.args = (f"({type(error).__name__}) {error}",)
