"""The view where a person chooses their notices and their quiet hours."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering import times
from bot_daemon.chat.rendering.screens.stage import Stage, home_button
from bot_daemon.chat.rendering.text import title
from common.database.models import Person
from common.i18n import gettext as _
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Muting
from common.people.preferences import MUTABLE, choices

QUIET_HOURS = ((20, 7), (21, 7), (22, 7), (22, 8))  # hours of the station's day, from and until
HOUR = 60


def notices(stage: Stage) -> Content:
    person = stage.person
    text = [
        title("🔔", _("Notices")),
        "",
        _("The card of an order always shows how it stands, without a sound. Choose what else you want to hear."),
        "",
        "🔔 " + _("Questions always come: an order waits for the answer."),
        "",
        _quiet(person),
    ]
    switches = [[_switch(person, kind)] for kind in choices(person)]
    return Content("\n".join(text), [*switches, *_hours(person), [home_button()]])


def _switch(person: Person, kind: MessageKind) -> Button:
    """The button says how the notice stands now; its data names the result of pressing."""
    text = f"{'🔕' if kind in person.muted else '🔔'} {_(kind.spec.switch)}: {_how(person, kind)}"
    switch = "on" if kind in person.muted else "off"
    return buttons.NOTICE.button(text, kind=short_kind(kind), switch=switch)


def _how(person: Person, kind: MessageKind) -> str:
    if kind not in person.muted:
        return _("on")
    return _("without a sound") if kind.spec.muting is Muting.SILENT else _("off")


def short_kind(kind: str) -> str:
    """The short name of a kind in a button."""
    return kind.removeprefix("notice.")


def kind_of(name: str) -> MessageKind | None:
    """The kind of a button's short name; None for a kind that cannot be switched off."""
    return next((kind for kind in MessageKind if kind in MUTABLE and short_kind(kind) == name), None)


def _quiet(person: Person) -> str:
    if person.quiet_from is None or person.quiet_until is None:
        return "🌞 " + _("Quiet hours: none.")
    hours = {"start": times.hour_text(person.quiet_from), "end": times.hour_text(person.quiet_until)}
    return "🌙 " + _("Quiet hours: %(start)s to %(end)s. Messages come at once, without a sound.") % hours


def _hours(person: Person) -> list[list[Button]]:
    chosen = (person.quiet_from, person.quiet_until)
    row = [_hour(start * HOUR, end * HOUR, chosen) for start, end in QUIET_HOURS]
    none = buttons.ANY_HOUR.button(("✓ " if chosen == (None, None) else "") + "🌞 " + _("No quiet hours"))
    return [row[:2], row[2:], [none]]


def _hour(start: int, end: int, chosen: tuple[int | None, int | None]) -> Button:
    text = f"{'✓ ' if chosen == (start, end) else ''}🌙 {times.hour_text(start)}–{times.hour_text(end)}"
    return buttons.QUIET.button(text, start=start, end=end)
