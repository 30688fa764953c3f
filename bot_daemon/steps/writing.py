"""The draft a step works on: loaded, changed, kept, renewed. A press of an older draft is recognised here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon import drafts, screens
from bot_daemon.buttons import Press
from bot_daemon.drafts import Draft, Refusal
from bot_daemon.incoming import Answer, Incoming
from bot_daemon.screens import View
from bot_daemon.steps.access import Step, for_members, show, show_present
from common import clock, models
from common.i18n import gettext as _
from common.models import Order, Person
from common.signing import fresh_code


@dataclass
class Writing:
    """A person at their draft, and the update that is being answered."""

    session: Session
    incoming: Incoming
    person: Person
    row: models.Draft
    draft: Draft

    def show(self, view: View, **arguments: object) -> Answer:
        return show(self.session, self.incoming, self.person, view, arguments)

    def show_present(self, toast: str = "", **extra: object) -> Answer:
        return show_present(self.session, self.incoming, self.person, toast, **extra)

    def present_view(self) -> View:
        return screens.present(self.session, self.incoming.chat_id)[0]

    def keep(self, outcome: Draft | Refusal) -> Refusal | None:
        """Store the new draft; or say why there is none."""
        if isinstance(outcome, Refusal):
            return outcome
        self.draft = outcome
        self.row.content, self.row.updated_at = drafts.content(outcome), clock.utcnow()
        return None

    def renew(self) -> None:
        """An empty draft with a key of its own: buttons of the old one no longer fit."""
        self.row.key = fresh_code()
        self.keep(Draft())


def open_draft(session: Session, incoming: Incoming, person: Person) -> Writing:
    """The person's one draft; an empty one if there is none yet."""
    row = session.get(models.Draft, person.id)
    if row is None:
        row = models.Draft(person_id=person.id, key=fresh_code(), content={}, updated_at=clock.utcnow())
        session.add(row)
    return Writing(session, incoming, person, row, drafts.read(row.content))


DraftStep = Callable[[Writing, dict[str, str]], Answer]


def at_draft(press: Press) -> Callable[[DraftStep], Step]:
    """The step of a draft's button: it runs on the present draft only. Another's button is told what became of it."""

    def decorate(step: DraftStep) -> Step:
        @wraps(step)
        def pressed(session: Session, incoming: Incoming, person: Person) -> Answer:
            writing, values = open_draft(session, incoming, person), press.read(incoming.text)
            if values["key"] != writing.row.key:
                return writing.show_present(what_became(session, person, values["key"]))
            return step(writing, values)

        return for_members(pressed)

    return decorate


def what_became(session: Session, person: Person, key: str) -> str:
    """One line on a draft that is not the present one."""
    number = session.scalar(select(Order.id).where(Order.key == key, Order.person_id == person.id))
    if number is not None:
        return _("Already sent: order %(number)s.") % {"number": number}
    return _("That list is gone. Here is where we are.")
