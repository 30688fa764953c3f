"""Choosing notices and quiet hours."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.rendering.screens.notice_views import kind_of
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.access import for_members, show
from common.database.models import Person
from common.errors import InvalidInput
from common.people import preferences


@for_members
def show_notices(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.NOTICES)


@for_members
def switch_notice(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Switch a kind of notice on or off. Forged data changes nothing."""
    values = buttons.NOTICE.read(incoming.text)
    kind = kind_of(values["kind"])
    if kind is not None:
        preferences.set_muted(session, person, kind, muted=values["switch"] == "off")
    return show(session, incoming, person, ScreenView.NOTICES)


@for_members
def set_quiet_hours(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Set the quiet hours, in minutes of the station's day. Invalid hours change nothing."""
    values = buttons.QUIET.read(incoming.text)
    with suppress(InvalidInput):
        preferences.set_quiet(session, person, (int(values["start"]), int(values["end"])))
    return show(session, incoming, person, ScreenView.NOTICES)


@for_members
def clear_quiet_hours(session: Session, incoming: Incoming, person: Person) -> Answer:
    preferences.set_quiet(session, person, None)
    return show(session, incoming, person, ScreenView.NOTICES)
