"""The daemon's health pages: live, ready, metrics. Details and metrics need METRICS_TOKEN."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from prometheus_client import generate_latest

from bot_daemon.runtime import metrics
from common import clock, signing
from common.settings.version import version

REFRESH_TIMEOUT = 1.0


@dataclass
class Status:
    """The process's status, which is also the details of its heartbeat."""

    started_at: datetime = field(default_factory=clock.utcnow)
    phase: str = "starting"  # starting, waiting for Telegram, leading, standing by, stopping
    telegram: str = "not asked yet"
    transport: str = ""
    epoch: int | None = None
    arrangement: dict[str, str] = field(default_factory=dict)
    unwell_reason: Callable[[], str] = lambda: ""  # why the process is unwell; empty when it is not

    @property
    def is_ready(self) -> bool:
        return self.phase in ("leading", "standing by") and not self.unwell_reason()

    def details(self) -> dict[str, Any]:
        shown = {k: v for k, v in asdict(self).items() if k not in ("unwell_reason", "started_at")}
        return {**shown, "unwell": self.unwell_reason()}


def add_health_routes(
    app: web.Application, status: Status, metrics_token: str | None, refresh: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Adds /health/live, /health/ready and /metrics; `refresh` brings the gauges up to date."""

    def trusted(request: web.Request) -> bool:
        return signing.secrets_match(
            request.headers.get("Authorization", ""), f"Bearer {metrics_token}" if metrics_token else ""
        )

    async def live(_request: web.Request) -> web.Response:
        unwell = status.unwell_reason()
        return web.json_response({"ok": not unwell}, status=503 if unwell else 200)

    async def ready(request: web.Request) -> web.Response:
        body: dict[str, Any] = {"ok": status.is_ready, "phase": status.phase}
        if trusted(request):
            body |= {**status.details(), "version": version()}
        return web.json_response(body, status=200 if status.is_ready else 503)

    async def numbers(request: web.Request) -> web.Response:
        if not trusted(request):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        # The last values are shown when the database does not answer: that is when an operator looks.
        await asyncio.wait({asyncio.ensure_future(refresh())}, timeout=REFRESH_TIMEOUT)
        return web.Response(body=generate_latest(metrics.REGISTRY), content_type="text/plain", charset="utf-8")

    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/metrics", numbers)
