"""METRICS_TOKEN: the bearer token of monitoring programs."""

from __future__ import annotations

from flask import request

from common.signing import secrets_match
from webapp.web.context import desk


def has_metrics_token() -> bool:
    """Whether the client sent METRICS_TOKEN; False without that setting."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and secrets_match(given.strip(), desk().settings.metrics_token or "")
