"""The cookie of a browser in which somebody has signed in before. It opens nothing."""

from __future__ import annotations

from flask import request
from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common.people import known_browsers
from common.signing import digest
from webapp.web.callers import client
from webapp.web.context import desk

MAX_VALUE = 200


def known(session: Session, person_id: int | None) -> str | None:
    """The digest of this browser's cookie if the person has signed in in it before."""
    value = _value()
    if person_id is None or not value or not known_browsers.is_known(session, person_id, value):
        return None
    return digest(value)


def remember(session: Session, person_id: int) -> str:
    """Know this browser from now on. Returns the value for `set_cookie`."""
    return known_browsers.remember(session, person_id, _value(), network=client.network(), hops=client.hops())


def set_cookie(answer: Response, value: str) -> None:
    answer.set_cookie(
        _name(),
        _signer().sign(value).decode(),
        max_age=known_browsers.LIFE,
        secure=desk().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _name() -> str:
    return "__Host-browser" if desk().is_https else "browser"


def _value() -> str:
    """The cookie's value if we signed it, else empty."""
    given = request.cookies.get(_name(), "")
    if len(given) > MAX_VALUE or not given.isascii():
        return ""
    try:
        return _signer().unsign(given).decode()
    except BadSignature:
        return ""


def _signer() -> Signer:
    return Signer(desk().settings.secret_key, salt="known browser")
