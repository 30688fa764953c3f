"""The shape of the tree: who may import whom, what a module may be called, and that nothing happens at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("common", "bot_daemon", "webapp", "sandbox")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc"}
# Run at import on purpose: the one WSGI application, and what `python -m` starts.
RUNNING = {"webapp.wsgi"}
AT_IMPORT = """
import asyncio, gc, importlib, socket, sys, threading
import sqlalchemy
for name in sys.argv[1:]:
    importlib.import_module(name)
running = (sqlalchemy.Engine, socket.socket, asyncio.AbstractEventLoop)
seen = [repr(o) for o in gc.get_objects() if isinstance(o, running)]
print(seen + [t.name for t in threading.enumerate() if t is not threading.main_thread()])
"""


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def test_the_layers_hold() -> None:
    # In a process of its own: it configures logging for itself, which silences every logger there is.
    linter = [str(Path(sys.executable).parent / "lint-imports"), "--config", "setup.cfg", "--no-cache"]
    ran = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout


def test_the_contract_of_the_pages_names_every_blueprint() -> None:
    contracts = ConfigParser()
    contracts.read(ROOT / "setup.cfg")
    named = contracts["importlinter:contract:blueprints"]["modules"].split()
    # What lies in webapp/web serves every page.
    blueprints = [name for name, path in modules() if name.startswith("webapp.") and _makes_blueprint(path)]
    assert named == [name for name in blueprints if not name.startswith("webapp.web.")]


def _makes_blueprint(path: Path) -> bool:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return any(isinstance(called, ast.Name) and called.id == "Blueprint" for called in calls)


def test_the_emulator_imports_nothing_of_ours() -> None:
    for name, path in modules():
        imported = {module.partition(".")[0] for module in _imports(path)}
        others = set(PACKAGES) - {"sandbox"}
        assert not (imported & others if name.startswith("sandbox") else imported & {"sandbox"}), name


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def test_a_module_is_one_noun() -> None:
    assert not [name for name, _ in modules() if set(name.split(".")) & EMPTY_NAMES]


def test_nothing_happens_at_import() -> None:
    """No engine, no socket, no thread, no event loop, and no setting is needed."""
    names = [n for n, _ in modules() if n not in RUNNING and "migrations" not in n and not n.endswith("__main__")]
    imported = subprocess.run(
        [sys.executable, "-W", "error", "-c", AT_IMPORT, *names],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (imported.stdout.strip(), imported.stderr) == ("[]", "")


def test_time_comes_from_the_clock_and_never_from_the_machine_directly() -> None:
    """Also in `sandbox`, which has a clock of its own."""
    for name, path in modules():
        if name.endswith(".clock"):
            continue
        called = {ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)}
        assert not called & {"datetime.now", "datetime.utcnow", "time.time", "datetime.datetime.now"}, name


# Worker loops, last-resort handlers, and the thumbnail, which is a process of its own.
LAST_RESORTS = ("bot_daemon.", "webapp.server.", "webapp.web.callers.afterwards", "common.media.thumbnail")


def test_only_the_loops_of_the_processes_catch_whatever_comes() -> None:
    """`except Exception` belongs into worker loops and last-resort handlers."""
    for name, path in modules():
        handlers = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ExceptHandler)]
        caught = {ast.unparse(h.type) if h.type else "everything" for h in handlers}
        assert name.startswith(LAST_RESORTS) or not caught & {"Exception", "BaseException", "everything"}, name
