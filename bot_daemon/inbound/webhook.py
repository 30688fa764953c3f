"""The webhook records an update, commits it, then answers.

Telegram's server repeats an update until it gets a 2xx and holds back the rest of that chat meanwhile (WebhookActor of
tdlib/telegram-bot-api), so an authentic update is never refused for its contents; 503 only when it cannot be kept,
with `Retry-After`, which that server obeys. Never 410: it would drop the webhook.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from aiohttp import web
from sqlalchemy.orm import Session

from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread, GroupCommit
from common import signing
from common.messaging import inbox
from common.messaging.inbox import ReceivedUpdate

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the header's name, not a secret)
RETRY_AFTER = "2"


class Intake:
    """Puts bodies into the inbox, many in one commit."""

    def __init__(self, thread: DatabaseThread, bot_id: int) -> None:
        def record(session: Session, bodies: Sequence[bytes]) -> list[None]:
            inbox.record(session, bot_id, [inbox.read_envelope(body) for body in bodies])
            return [None] * len(bodies)

        self._commits: GroupCommit[bytes, None] = GroupCommit(thread, "inbox", record, urgent=True)

    async def take(self, body: bytes) -> ReceivedUpdate:
        """Returns after the commit. Raises the database's error."""
        received = inbox.read_envelope(body)
        await self._commits.put(body)
        return received

    async def wait_until_idle(self) -> None:
        await self._commits.wait_until_idle()


class Webhook:
    """The endpoint. `secrets`: the present secret and, while it is rotated, the one before."""

    def __init__(self, intake: Intake, secrets: tuple[str, ...]) -> None:
        self._intake, self._secrets = intake, secrets
        self.draining = False

    async def handle(self, request: web.Request) -> web.Response:
        response = await self._answer(request)
        metrics.WEBHOOKS.labels(str(response.status)).inc()
        return response

    async def _answer(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not any(signing.secrets_match(given, secret) for secret in self._secrets):
            return web.Response(status=401)
        if self.draining:
            return _unavailable()
        if (request.content_length or 0) > inbox.MAX_BODY:
            return web.Response(status=413)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        if len(body) > inbox.MAX_BODY:
            return web.Response(status=413)
        began = time.perf_counter()
        try:
            received = await self._intake.take(body)
        except Exception:  # after any error in storing it Telegram shall send it again
            log.exception("An update could not be recorded; Telegram will repeat it")
            return _unavailable()
        metrics.ACKNOWLEDGE_SECONDS.observe(time.perf_counter() - began)
        if received.fault:
            log.error("An unreadable update is in quarantine: %s", received.fault)
        return web.Response()


def _unavailable() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
