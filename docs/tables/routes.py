"""The addresses of both processes: the desk's from Flask's own map, the daemon's from its source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.routing import Rule

from common.settings.config import WebSettings
from docs.markdown import code, table
from docs.source import calls, words
from docs.tables.settings import GIVEN
from webapp.api.resources import ENDPOINTS
from webapp.app import create_app
from webapp.web import access
from webapp.web.access import UnmarkedRoute

ABOUT = {
    "POST /telegram/webhook": "An update from Telegram, with the secret in `X-Telegram-Bot-Api-Secret-Token`.",
    "POST /doorbell": "A signed request to look for new rows. On `DOORBELL_LISTEN` only, never on the public port.",
    "GET /health/live": "Whether the process works: 200, else 503.",
    "GET /health/ready": "Whether the process and what it depends on work: 200, else 503.",
    "GET /metrics": "The metrics, in Prometheus' text format.",
    "GET /": "The board.",
    "GET /login": "The login page.",
    "POST /login": "Sign in.",
    "POST /logout": "Sign out this browser.",
    "GET /account": "The reader's Telegram account, signed-in browsers and last sign-ins.",
    "POST /account/language": "Choose a language.",
    "POST /account/theme": "Choose light, dark or the system's.",
    "POST /account/sign-out-everywhere": "Revoke every session of the reader.",
    "GET /orders": "All orders, newest first. Search and filters are in the address.",
    "GET /orders/<order_id>": "One order: lines, moves, timeline, receipts.",
    "POST /messages/<row_id>/resend": "Send a message again.",
    "POST /messages/<row_id>/arrived": "Mark an unknown message as arrived.",
    "GET /people": "The people of the station, and whether the bot reaches them.",
    "POST /people/<person_id>/archive": "Close a person's access.",
    "POST /people/<person_id>/restore": "Restore a person's access.",
    "POST /people/<person_id>/erase": "Erase a person's data; the station's figures stay.",
    "GET /system": "The operator's page: processes, queues, and findings of the doctor.",
    "GET /static/<filename>": "The desk's static files.",
}
SCOPES = {f"api.{row.name}": row.scope for row in ENDPOINTS}
UNTOLD = "…"  # tests/docs refuses it: a new route needs a description


def web_routes() -> Iterator[tuple[str, str, str]]:
    """Method and path, permission, description."""
    app = create_app(WebSettings.from_env(GIVEN))
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            name = f"{method} {_path(rule)}"
            yield name, _who(rule.endpoint, view), ABOUT.get(name) or _said(view)


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", r"<\1>", rule.rule)


def _said(view: object) -> str:
    return " ".join((getattr(view, "__doc__", None) or UNTOLD).partition("\n\n")[0].split())


def _who(endpoint: str, view: object) -> str:
    if endpoint in ("static", "scripts.script", "api.openapi"):
        return "everybody"
    if endpoint in SCOPES:
        scope = SCOPES[endpoint]
        return f"a token with {code(scope.value)}" if scope else "a token"
    mark = access.access_of(view)
    if mark is None:
        raise UnmarkedRoute(endpoint)
    if mark.action is not None:
        return code(mark.action.value)
    return "programs with their own secret" if mark.has_own_secret else "everybody"


def daemon_routes() -> Iterator[tuple[str, str]]:
    """Method and path, description."""
    found: dict[str, None] = {}
    for _, call in calls("bot_daemon", "add_get", "add_post"):
        method = str(getattr(call.func, "attr", "")).removeprefix("add_").upper()
        found[f"{method} {words(call)[0]}"] = None
    for name in found:
        yield name, ABOUT.get(name, UNTOLD)


def web() -> str:
    return table(("Route", "Who may", "What it is"), ((code(n), who, about) for n, who, about in web_routes()))


def daemon() -> str:
    return table(("Route", "What it is"), ((code(name), about) for name, about in sorted(daemon_routes())))
