"""How the routes answer that programs ask: scripts of a page, probes, the API, Telegram, the doorbell."""

from __future__ import annotations

import time

from common import signing
from docs.tables.routes import web_routes
from tests.integration.hostile.cases import API, CLOSED_PROGRAM, PROGRAM, WEBHOOK, WRONG_METHOD, Case
from tests.stations.station import DOORBELL_SECRET

PROGRAMS: dict[str, tuple[Case, ...]] = {
    "GET /events": (Case("nobody is signed in", 401), WRONG_METHOD),
    "GET /static/scripts/<digest>/<name>": (
        Case("no such script", 404, path="/static/scripts/0/nothing.js"),
        Case("out of the directory", 404, path="/static/scripts/0/../../app.py"),
        Case("out of it in disguise", 404, path="/static/scripts/0/%2e%2e%2fdesk.css"),
        WRONG_METHOD,
    ),
    "GET /static/<filename>": (
        Case("no such file", 404, path="/static/nothing.js"),
        Case("out of the directory", 404, path="/static/../app.py"),
        Case("out of it in disguise", 404, path="/static/%2e%2e/app.py"),
        WRONG_METHOD,
    ),
    "GET /health/live": PROGRAM,
    "GET /health/ready": PROGRAM,
    "GET /health/system": PROGRAM,
    "GET /metrics": CLOSED_PROGRAM,
    "POST /telegram/webhook": WEBHOOK,
    **{name: API for name, who, _ in web_routes() if who.startswith("a token")},
    "GET /api/docs": (Case("nobody is signed in", 200), Case("another method", 405, verb="PUT")),
    "GET /api/v1/openapi.json": (Case("a body with a GET", 200, b"{}"), Case("another method", 405, verb="PUT")),
}


def ring(secret: str, seconds_ago: int = 0, body: bytes = b"") -> dict[str, str]:
    stamp = int(time.time()) - seconds_ago
    return {"X-Felix-Timestamp": str(stamp), "X-Felix-Signature": signing.sign_ring(secret, stamp, body)}


DAEMON: dict[str, tuple[Case, ...]] = {
    "GET /health/live": PROGRAM,
    "GET /health/ready": PROGRAM,
    "GET /metrics": CLOSED_PROGRAM,
    "POST /telegram/webhook": WEBHOOK,
    "POST /doorbell": (
        Case("not signed", 401),
        Case("signed by somebody else", 401, headers=ring("bell_Z9x8C7v6B5n4M3l2K1j0H9g8")),
        Case("signed an hour ago", 401, headers=ring(DOORBELL_SECRET, 3600)),
        Case("signed for another body", 401, b"!", ring(DOORBELL_SECRET)),
        Case("a time that is none", 401, headers={"X-Felix-Timestamp": "noon", "X-Felix-Signature": "x"}),
        Case("too large", 413, b"x" * 5000, ring(DOORBELL_SECRET)),
        WRONG_METHOD,
    ),
}
