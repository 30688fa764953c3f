"""What there is, is in the reference. Compared with the code itself, not with the script that fills the tables."""

from __future__ import annotations

import re

from bot_daemon.bot_api import verdicts
from bot_daemon.runtime import metrics
from common.database.models import Base, OutboxState
from common.messaging.kinds import MessageKind
from common.orders.moves import Move
from common.people.scopes import Scope
from common.permissions import Action
from common.settings.config import VARIABLES
from docs.tables.commands import leaves
from docs.tables.crashpoints import names
from docs.tables.routes import daemon_routes, web_routes
from tests.docs.pages import DOCS, ROOT, headings, text
from webapp.api.resources import ENDPOINTS
from webapp.wording.problems import PROBLEM_TYPES as PROBLEMS

REFERENCE = DOCS / "reference"
FELIX = re.compile(r"\"(felix_[a-z_]+)\"")


def rows(page: str) -> set[str]:
    """What stands in the first cell of a table's row, without its ticks."""
    return set(re.findall(r"^\| `?([^`|]+?)`? \|", text(REFERENCE / page), re.MULTILINE))


def test_every_setting_has_its_heading() -> None:
    assert set(VARIABLES) <= set(headings(REFERENCE / "settings.md"))


def test_every_command_has_its_heading() -> None:
    assert {words for words, _, _ in leaves()} <= set(headings(REFERENCE / "commands.md"))


def test_every_make_target_has_its_row() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)

    assert targets
    assert {f"make {target}" for target in targets} <= rows("commands.md")


def test_every_route_has_its_row() -> None:
    routes = {route for route, *_ in (*web_routes(), *daemon_routes())}

    assert {"POST /telegram/webhook", "POST /doorbell", "GET /events"} <= routes
    assert routes <= rows("routes.md")


def test_every_endpoint_scope_and_problem_has_its_row() -> None:
    told = rows("api.md")

    assert {f"{row.method} {row.path}" for row in ENDPOINTS} <= told
    assert {scope.value for scope in Scope} | {kind.type for kind in PROBLEMS.values()} <= told


def test_every_metric_has_its_row() -> None:
    told = text(REFERENCE / "metrics.md")
    ours = {
        found
        for source in ("webapp/station/metrics.py", "bot_daemon/runtime/metrics.py")
        for found in FELIX.findall((ROOT / source).read_text(encoding="utf-8"))
    }

    assert len(ours) >= len(list(metrics.REGISTRY.collect()))
    assert not {metric for metric in ours if f"`{metric}`" not in told and f"`{metric}_total`" not in told}


def test_every_kind_of_message_has_its_row() -> None:
    assert set(MessageKind) <= rows("message-kinds.md")


def test_every_move_and_action_has_its_row() -> None:
    assert {*(move.value for move in Move), *(action.value for action in Action)} <= rows("orders.md")


def test_every_state_of_a_message_has_its_row() -> None:
    assert {state.value for state in OutboxState} <= rows("states.md")


def test_every_outcome_has_its_row() -> None:
    told = rows("outcomes.md")

    assert {kind.__name__ for kind in verdicts.SendVerdict.__args__} <= told
    assert {why for _, why in verdicts.UNREACHABLE} <= set(re.findall(r"`(\w+)`", text(REFERENCE / "outcomes.md")))


def test_every_table_has_its_heading() -> None:
    assert set(Base.metadata.tables) <= set(headings(REFERENCE / "database.md"))


def test_every_crash_point_has_its_row() -> None:
    assert {"step.before_commit", "send.after"} <= set(names())
    assert set(names()) <= rows("crash-points.md")


def test_every_setting_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(VARIABLES) <= set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))


def test_every_decision_is_listed() -> None:
    listed = text(DOCS / "adr" / "README.md")

    assert not [page.name for page in (DOCS / "adr").glob("0*.md") if f"({page.name})" not in listed]
