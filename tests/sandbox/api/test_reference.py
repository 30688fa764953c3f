"""docs/reference/emulator.md names everything there is."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import checks
from sandbox.api.methods import METHODS
from sandbox.client import Sandbox
from sandbox.delivery.engines import Deliveries
from sandbox.faults import CALL_ACTIONS, DELIVERY_ACTIONS, Fault
from sandbox.server import build_app
from sandbox.telegram.world import World

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "emulator.md").read_text()
PLUMBING = {"get", "post", "request", "send", "close", "url"}


@pytest.mark.parametrize("name", [name for name, _ in METHODS.values()])
def test_every_method_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("action", sorted({*CALL_ACTIONS, *DELIVERY_ACTIONS}))
def test_every_fault_is_named(action: str) -> None:
    assert re.search(rf"^\| .*`{action}`", PAGE, re.M)


@pytest.mark.parametrize("field", sorted(set(Fault.__slots__) - {"id", "hits", "lifted", "action"}))
def test_every_field_of_a_fault_is_named(field: str) -> None:
    assert f"| `{field}` |" in PAGE


@pytest.mark.parametrize(
    "name", [name for name, _ in inspect.getmembers(Sandbox) if name[0] != "_" and name not in PLUMBING]
)
def test_every_method_of_the_client_is_named(name: str) -> None:
    assert f"`{name}(" in PAGE or f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [name for name, f in inspect.getmembers(checks, inspect.isfunction) if name[0] != "_"])
def test_every_checker_is_named(name: str) -> None:
    assert f"`{name}(" in PAGE or name in ("sends", "same_text")


def test_every_option_is_named() -> None:
    helping = subprocess.run([sys.executable, "-m", "sandbox", "--help"], capture_output=True, text=True, check=True)
    options = set(re.findall(r"--[a-z-]+", helping.stdout)) - {"--help"}

    assert {option for option in options if f"`{option}" not in PAGE} == set()


async def test_every_route_is_named() -> None:
    world = World()
    app = build_app(world, Deliveries(world))
    routes = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    control = {(verb, path) for verb, path in routes if path.startswith("/sandbox") and verb != "HEAD"}

    assert {(v, p) for v, p in control if not re.search(rf"^\| .*{v}.* {re.escape(p)}[?`]", PAGE, re.M)} == set()
