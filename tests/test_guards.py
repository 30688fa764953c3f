"""The guards guard: each of these tests breaks a rule, and is caught."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from common.database.engine import Database, bump_revision, revision

ROOT = Path(__file__).parents[1]
SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
CODE = """
import asyncio, time
from sqlalchemy import text

async def wait(seconds):
    time.sleep(seconds)

async def ask(database):
    with database.read() as session:
        session.execute(text("SELECT 1"))
"""
BREAKING = """
import asyncio, os, socket, subprocess, warnings
import code_of_ours

def test_foreign_address():
    socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_foreign_name():
    socket.getaddrinfo("api.telegram.org", 443)

def test_swallowed():
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except BaseException:
        pass

async def test_task():
    test_task.kept = asyncio.create_task(asyncio.sleep(100))

async def test_blocking():
    await asyncio.create_task(code_of_ours.wait(0.7))

async def test_database_in_the_loop(database):
    await asyncio.create_task(code_of_ours.ask(database))

def test_environment():
    os.environ["FELIX_LEFT_BEHIND"] = "1"

def test_warning():
    warnings.warn("old", DeprecationWarning)

def test_connection(database):
    test_connection.kept = database.engine.connect()
"""
KEEPING = """
import asyncio, os, socket

def test_loopback():
    with socket.socket() as listener, socket.socket() as caller:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        caller.connect(listener.getsockname())

async def test_ended_task():
    asyncio.create_task(asyncio.sleep(0.01))

async def test_tests_may_block(database):
    with database.read():
        pass

def test_clean_environment():
    assert "TELEGRAM_BOT_TOKEN" not in os.environ
    assert "DATABASE_URL" not in os.environ
"""
LEAKING = """
import subprocess

def test_child():
    test_child.kept = subprocess.Popen(["sleep", "300"])
"""


def suite(directory: Path, tests: str) -> tuple[int, str]:
    """Run tests under the guards alone, in a pytest of their own. Returns its exit code and its report."""
    (directory / "pytest.ini").write_text(SETTINGS)
    (directory / "code_of_ours.py").write_text(CODE)
    (directory / "tests").mkdir()
    (directory / "tests" / "test_them.py").write_text(tests)
    outside = {"TELEGRAM_BOT_TOKEN": "x", "DATABASE_URL": "sqlite:///x", "PYTHONPATH": f"{ROOT}:{directory}"}
    plugins = ["-p", "tests.support.guards", "-p", "tests.stations.databases"]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=line", "--import-mode=importlib", *plugins, "tests"],
        cwd=directory,
        env={**os.environ, **outside},
        capture_output=True,
        text=True,
        timeout=100,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_whoever_breaks_a_rule_is_caught(tmp_path: Path) -> None:
    _, report = suite(tmp_path, BREAKING)
    wanted = set(re.findall(r"def (test_\w+)", BREAKING))
    caught = set(re.findall(r"^(?:FAILED|ERROR) tests/test_them\.py::(test_\w+)", report, re.MULTILINE))
    assert caught == wanted, report


def test_whoever_keeps_them_passes(tmp_path: Path) -> None:
    code, report = suite(tmp_path, KEEPING)
    assert code == 0, report


def test_a_process_that_outlives_its_tests_is_ended_and_fails_the_run(tmp_path: Path) -> None:
    code, report = suite(tmp_path, LEAKING)
    assert (code, report.count("Left running by the tests")) == (1, 1), report


@pytest.mark.parametrize("number", range(3))
def test_each_test_has_a_database_of_its_own(any_database_url: str, number: int) -> None:
    database = Database(any_database_url)
    with database.write() as session:
        assert revision(session) == 1
        bump_revision(session)
    database.dispose()
