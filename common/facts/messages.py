"""What a message holds that is no notice of an event: those carry what their event holds."""

from __future__ import annotations

from datetime import date

from common.facts.base import Arguments


class ScreenShown(Arguments, frozen=True, kw_only=True):
    fresh: bool  # below what the person wrote, not in place


class MessageRemoved(Arguments, frozen=True, kw_only=True):
    message_id: int  # Telegram's


class NoticeAmended(Arguments, frozen=True, kw_only=True):
    row: int  # of the notice, in the outbox


class NoticeUndone(Arguments, frozen=True, kw_only=True):
    row: int
    before: str  # the state that is no longer true; empty: the state is the same, the reason or the day is not


class OrderOverdue(Arguments, frozen=True, kw_only=True):
    today: date


class JoinRequested(Arguments, frozen=True, kw_only=True):
    request: int | None = None  # None: one notice for many requests


class ChatWritten(Arguments, frozen=True, kw_only=True):
    text: str
    author: str
    photo: str | None = None  # its digest


class ReplyFacts(Arguments, frozen=True, kw_only=True):
    language: str | None  # the reader's, or a guess for strangers


class InvitationDeclined(ReplyFacts, frozen=True, kw_only=True):
    why: str


class Unlinked(ReplyFacts, frozen=True, kw_only=True):
    name: str


class NewBrowser(ReplyFacts, frozen=True, kw_only=True):
    browser: str  # its name; empty: we do not know it
    network: str


class PassedOn(ReplyFacts, frozen=True, kw_only=True):
    order: int
    message: int
    full: bool  # the order takes no more files


class LoginLinkSent(Arguments, frozen=True, kw_only=True):
    """Forgotten as soon as the link is used."""

    url: str = ""
    link: str = ""  # its digest
    browser: str = ""  # that asked; empty: we do not know its name
    network: str = ""  # from where it asked
