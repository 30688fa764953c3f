"""Guards on every test: a clean environment, no foreign network, nothing blocking in the loop, nothing left behind.

Warnings are errors by setup.cfg; leaked database connections are noticed in `tests/stations/databases.py`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import sys
import threading
import time
from asyncio.events import Handle
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psutil
import pytest
import pytest_asyncio
from sqlalchemy import Engine, event

OURS = ("TELEGRAM_", "FELIX_", "WEBHOOK_", "DOORBELL_", "DAEMON_", "MEDIA_", "STATION_", "SQLITE_", "PG")
OURS_TOO = {
    "DATABASE_URL",
    "SECRET_KEY",
    "PUBLIC_URL",
    "PORT",
    "METRICS_TOKEN",
    "SHUTDOWN_GRACE",
    "SEND_RATE",
    "KEEP_WORDS_DAYS",
    "KEEP_CARS_DAYS",
    "KEEP_UNASSIGNED_DAYS",
    "KEEP_AUDIT_DAYS",
    "LOG_LEVEL",
    "TIME_SCALE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "GUNICORN_CMD_ARGS",
    "FLASK_DEBUG",
}
FOR_TESTS = ("FELIX_REQUIRE_", "FELIX_SOAK", "FELIX_TEST_", "FELIX_CHROMIUM")
RUN = "FELIX_TEST_RUN"  # marks every process of this run, so that the session's end finds those left behind
BLOCKED = 0.5  # seconds for which a callback neither works nor waits for a processor
SETTLING = 1.0  # seconds that closing connections may take after a test

violations: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    _clean_environment()
    if not hasattr(config, "workerinput"):  # a worker of xdist belongs to its controller's run
        os.environ[RUN] = f"{os.getpid()}-{time.time_ns()}"
    sys.addaudithook(_audit)
    event.listen(Engine, "before_cursor_execute", _no_database_in_the_loop)
    _time_callbacks()


def _clean_environment() -> None:
    for name in list(os.environ):
        ours = name.startswith(OURS) or name.upper() in OURS_TOO
        if ours and not name.startswith(FOR_TESTS):
            del os.environ[name]


@pytest.fixture(autouse=True)
def guarded() -> Iterator[None]:
    """Check that the environment is unchanged, and that no guard was tripped in a thread or task that hid the error."""
    before = dict(os.environ)
    violations.clear()
    yield
    after = dict(os.environ)
    changed = {n for n in before.keys() ^ after.keys() | before.keys() if before.get(n) != after.get(n)}
    assert not changed - {"PYTEST_CURRENT_TEST"}, f"the test left its mark on the environment: {sorted(changed)}"
    assert not violations, "; ".join(violations)


def _violated(what: str) -> None:
    violations.append(what)
    pytest.fail(what)


# No foreign network ---------------------------------------------------------------------------------------------------


def _audit(name: str, arguments: tuple[Any, ...]) -> None:
    if name == "socket.connect":
        _only_near(arguments[0], arguments[1])
    elif name == "socket.getaddrinfo":
        _only_near_names(arguments[0])


def _only_near(connection: socket.socket, address: Any) -> None:
    if connection.family in (socket.AF_INET, socket.AF_INET6) and not _is_near(str(address[0])):
        _violated(f"a test reached for the network: {address}")
    if connection.gettimeout() != 0 and _in_our_task():
        _violated(f"a blocking connect in the event loop: {address}")


def _only_near_names(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name and not name.endswith(".invalid") and not _is_near(name):
        _violated(f"a test asked the network for {name}")
    if isinstance(name, str) and not _is_number(name) and _in_our_task():
        _violated(f"a blocking look-up in the event loop: {name}")


def _is_near(host: str) -> bool:
    if host in ("localhost", socket.gethostname(), "0.0.0.0", "::"):
        return True
    return _is_number(host) and ipaddress.ip_address(host).is_loopback


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


# Nothing blocking in the loop -----------------------------------------------------------------------------------------


_of_playwright = False  # a browser test is synchronous: the loop beside it, in a greenlet, is Playwright's


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    global _of_playwright
    _of_playwright = item.get_closest_marker("browser") is not None


def _in_our_task() -> bool:
    """Whether this thread runs an event loop and, in it, a task that is not the test's own."""
    if _of_playwright or asyncio._get_running_loop() is None:
        return False
    return not _is_of_tests(asyncio.current_task())


def _is_of_tests(task: object) -> bool:
    """Tests and fixtures may block their loop; the code under test may not."""
    code = getattr(task.get_coro(), "cr_code", None) if isinstance(task, asyncio.Task) else None
    return code is not None and ("/tests/" in code.co_filename or "pytest_asyncio" in code.co_filename)


def _no_database_in_the_loop(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if _in_our_task():
        _violated(f"a database statement in the event loop: {statement[:80]}")


def _time_callbacks() -> None:
    """A callback blocks for the time in which it neither works nor waits for a processor on a crowded machine."""
    run: Callable[[Handle], None] = Handle._run

    def timed(handle: Handle) -> None:
        wall, busy = time.perf_counter(), _busy()
        run(handle)
        idle = time.perf_counter() - wall - (_busy() - busy)
        if idle > BLOCKED and not _of_playwright and not _is_of_tests(getattr(handle._callback, "__self__", None)):  # type: ignore[attr-defined]
            violations.append(f"the event loop was blocked for {idle:.2f} s by {handle!r}")

    Handle._run = timed  # type: ignore[assignment, method-assign]


def _busy() -> float:
    """Seconds for which this thread has worked, or would have if a processor had been free."""
    if _thread.scheduler is None:
        _thread.scheduler = _Scheduler()
    return time.thread_time() + _thread.scheduler.kept_waiting()


class _Scheduler:
    """Linux's statistics of the first thread that reads them: nanoseconds running, nanoseconds waiting, turns."""

    def __init__(self) -> None:
        self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY) if sys.platform == "linux" else None

    def kept_waiting(self) -> float:
        """The thread's seconds of waiting for a processor."""
        return int(os.pread(self._file, 80, 0).split()[1]) / 1e9 if self._file is not None else 0.0

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)


class _Thread(threading.local):
    """A separate instance for each thread."""

    scheduler: _Scheduler | None = None


_thread = _Thread()


# Nothing left behind --------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def no_leaked_task() -> AsyncIterator[None]:
    """Set up first and torn down last in every async test: at that moment only this task is left in its loop."""
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        await asyncio.wait(left, timeout=SETTLING)
    left = {task for task in left if task is not None and not task.done()}
    assert not left, f"tasks were left running: {left}"


def pytest_itemcollected(item: pytest.Item) -> None:
    function = getattr(item, "obj", None)
    if asyncio.iscoroutinefunction(function) and isinstance(item, pytest.Function):
        item.fixturenames.insert(0, "no_leaked_task")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the processes that outlive the session, and fail it."""
    if hasattr(session.config, "workerinput"):
        return
    left = {p.pid: p for p in (*psutil.Process().children(recursive=True), *_of_this_run()) if _is_alive(p)}
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(reporter, pytest.TerminalReporter)
    for process in left.values():
        reporter.write_line(f"\nLeft running by the tests: {process}", red=True)
        process.kill()
    psutil.wait_procs(left.values(), timeout=5)
    if left:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _of_this_run() -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(RUN) == os.environ[RUN]:
                yield process
        except psutil.Error:
            continue


def _is_alive(process: psutil.Process) -> bool:
    """Whether it still runs and is not the tracker that multiprocessing keeps until the interpreter ends."""
    try:
        own = "multiprocessing.resource_tracker" in " ".join(process.cmdline())
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE and not own
    except psutil.Error:
        return False
