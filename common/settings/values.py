"""Parsers of environment values, one per kind of value. A parser refuses a value by raising, usually `ValueRefused`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from common.signing import Secret

Choice = TypeVar("Choice", bound=str)
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


class ValueRefused(ValueError):
    """A parser refuses the value; the text completes "got … ;"."""


def database_url(raw: str) -> Secret:
    address = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", raw)
    if not address.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise ValueRefused("its scheme is not known")
    if address == "sqlite:///" or ":memory:" in address:
        raise ValueRefused("two processes share the database, so it must be a file")
    try:
        make_url(address)
    except (ArgumentError, ValueError):
        raise ValueRefused("it cannot be read as a URL") from None
    return Secret(address)


def url(*schemes: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        parts = urlsplit(raw)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueRefused(f"not {' or '.join(schemes)}://host…")
        if parts.username or parts.password:
            raise ValueRefused("it must not hold a user or a password")
        _ = parts.port
        return raw.rstrip("/")

    return parse


def site(raw: str) -> str:
    """The address of a whole site: pages and cookies are told apart by host, so the desk has one of its own."""
    address = url("http", "https")(raw)
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment:
        raise ValueRefused("the desk wants a host of its own, not a path of another site")
    return parts._replace(netloc=encoded(parts.netloc)).geturl()


def encoded(host: str) -> str:
    """The host as browsers send it: a name that is not ASCII is encoded (RFC 5891)."""
    try:
        return host.lower() if host.isascii() else host.lower().encode("idna").decode()
    except UnicodeError:
        raise ValueRefused(f"“{host}” is no name of a host") from None


def doorbell_url(raw: str) -> str:
    return raw if raw.startswith("unix:") else url("http")(raw)


def webhook_url(raw: str) -> str:
    address = url("http", "https")(raw)
    if urlsplit(address).path.rstrip("/") in ("", "/"):
        address = address.rstrip("/") + "/telegram/webhook"
    return address


def number(low: float, high: float) -> Callable[[str], float]:
    def parse(raw: str) -> float:
        value = float(raw)
        if not low <= value <= high:
            raise ValueRefused("out of range")
        return value

    return parse


def days(raw: str) -> int:
    return int(number(0, 36_500)(str(int(raw))))


def megabytes(raw: str) -> int:
    return int(number(0, 1_000_000)(raw))


def count(most: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        return int(number(0, most)(str(int(raw))))

    return parse


def port(raw: str) -> int:
    return int(number(0, 65535)(str(int(raw))))


def one_of(*choices: Choice) -> Callable[[str], Choice]:
    """A parser that accepts one of these words in any case."""
    known = {choice.casefold(): choice for choice in choices}

    def parse(raw: str) -> Choice:
        if raw.casefold() not in known:
            raise ValueRefused("not one of them")
        return known[raw.casefold()]

    return parse


def switch(raw: str) -> bool:
    return one_of("1", "0", "true", "false", "yes", "no", "on", "off")(raw) in ("1", "true", "yes", "on")


def token(raw: str) -> Secret:
    if not re.fullmatch(r"\d{3,15}:[A-Za-z0-9_-]{30,64}", raw):
        raise ValueRefused("it does not look like a bot's token")
    return Secret(raw)


WEAK = ("changeme", "change-me", "secret", "password", "default", "example", "felix2025", "12345")


def strong_secret(raw: str) -> Secret:
    if len(raw) < 24 or len(set(raw)) < 8:
        raise ValueRefused("too short or too uniform to be a secret")
    if any(word in raw.lower() for word in WEAK):
        raise ValueRefused("it holds a word everybody tries first")
    return Secret(raw)


def webhook_secret(raw: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", raw):
        raise ValueRefused("Telegram takes A-Z a-z 0-9 _ - only, at most 256")
    return strong_secret(raw)


def listen_address(raw: str) -> str:
    if raw.startswith("unix:"):
        if len(raw) < 7 or len(raw) > 108:
            raise ValueRefused("a socket's path has 1 to 100 characters")
        return raw
    host, _, number_of_port = raw.rpartition(":")
    if not host:
        raise ValueRefused("no host")
    if host not in LOOPBACK:
        raise ValueRefused("others could reach it")
    port(number_of_port)
    return raw


def timezone(raw: str) -> ZoneInfo:
    if raw not in available_timezones():
        raise ValueRefused("no such time zone")
    return ZoneInfo(raw)


def text(raw: str) -> str:
    if len(raw) > 80:
        raise ValueRefused("too long")
    return raw
