"""Telegram's webhook at the desk's port: safe even while the daemon is down. Record, commit, then answer."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from common.messaging import bots, inbox
from common.signing import secrets_match
from webapp.web.access import exempt
from webapp.web.context import desk

log = logging.getLogger(__name__)
blueprint = Blueprint("telegram", __name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the header's name (Bot API, setWebhook)


@blueprint.post("/telegram/webhook")
@exempt
def webhook() -> Response:
    if not _is_authentic(request.headers.get(SECRET_HEADER, "")):
        return Response(status=401)
    body = _read_body()
    if body is None:
        return Response(status=413)
    if not _record_update(body):
        return Response(status=503, headers={"Retry-After": "2"})
    return Response(status=200)


def _is_authentic(given: str) -> bool:
    """Compare in constant time with the present and the previous secret; without a secret no request is authentic."""
    fits = [secrets_match(given, wanted) for wanted in desk().settings.webhook_secrets]
    return any(fits)


def _read_body() -> bytes | None:
    """The body; None if it is larger than an update can be. No more than that is read.

    A body that ends before its length is not an update: 400, and Telegram sends it again.
    """
    if (request.content_length or 0) > inbox.MAX_BODY:
        return None
    request.max_content_length = inbox.MAX_BODY + 1
    body = request.get_data(cache=False)
    if len(body) < (request.content_length or 0):
        abort(400)
    return None if len(body) > inbox.MAX_BODY else body


def _record_update(body: bytes) -> bool:
    """Commit it to the inbox. False: the commit failed, or no daemon has ever recorded which bot this is."""
    received = inbox.read_envelope(body)
    try:
        with desk().database.write("inbox") as session:
            bot = bots.active_bot(session)
            if bot is None:
                log.warning("An update came in before any daemon has run, so nobody knows whose it is: 503")
                return False
            inbox.record(session, bot.bot_id, [received])
    except SQLAlchemyError as error:
        log.warning("An update was not recorded: %s", type(error).__name__)
        return False
    return True
