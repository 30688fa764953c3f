"""Health: whether this process lives, whether it and its database work, whether the whole system works."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from common.database import schema
from common.errors import SchemaError
from common.messaging import processes
from common.operation.doctor import SILENT
from common.settings.version import version
from webapp.station.metrics_token import has_metrics_token
from webapp.station.system_state import read_state
from webapp.web.access import exempt
from webapp.web.context import desk

blueprint = Blueprint("health", __name__, url_prefix="/health")


def _health_response(is_well: bool, status: str, details: dict[str, Any] | None = None) -> Response:
    answer = jsonify({"status": status, **((details or {}) if has_metrics_token() else {})})
    answer.status_code = 200 if is_well else 503
    return answer


@blueprint.get("/live")
@exempt
def live() -> Response:
    return _health_response(True, "live")


@blueprint.get("/ready")
@exempt
def ready() -> Response:
    """Check this process and its database."""
    try:
        with desk().database.read() as session:
            session.execute(text("SELECT 1"))
        schema.check(desk().database)
    except SQLAlchemyError as error:
        return _health_response(False, "database", {"error": type(error).__name__})
    except SchemaError as error:
        return _health_response(False, "schema", {"error": str(error)})
    return _health_response(True, "ready", {"streams": desk().hub.streams})


@blueprint.get("/system")
@exempt
def system() -> Response:
    """Check the whole system: 503 when the daemon's heartbeat is older than a minute."""
    try:
        with desk().database.read() as session:
            age = processes.heartbeat_age(session)
            well = age is not None and age <= SILENT
            details = _details() if has_metrics_token() else {}
    except SQLAlchemyError as error:
        return _health_response(False, "database", {"error": type(error).__name__})
    return _health_response(well, "ready" if well else "daemon silent", details)


def _details() -> dict[str, Any]:
    with desk().database.read() as session:
        state = read_state(session, desk().database)
    return {
        "daemon_heartbeat_age": state.daemon_age,
        "outbox_depth": state.outbox_depth,
        "outbox_oldest_seconds": state.outbox_age.total_seconds(),
        "undelivered": state.undelivered,
        "inbox_depth": state.inbox_depth,
        "inbox_oldest_seconds": state.inbox_age,
        "quarantined": state.quarantined,
        "schema": state.schema,
        "version": version(),
    }
