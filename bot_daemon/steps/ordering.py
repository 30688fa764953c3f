"""Writing an order by buttons: categories, parts, lines, the plate, the summary, and sending it once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon import buttons, drafts
from bot_daemon.incoming import Answer, Incoming
from bot_daemon.rendering.words import refused
from bot_daemon.screens import OF_THE_DRAFT, View
from bot_daemon.steps.access import for_members
from bot_daemon.steps.writing import Writing, at_draft, open_draft
from common import catalogue, media, orders, vehicles
from common.i18n import gettext as _
from common.models import Category, Grade, Order, Person, Vehicle, Via
from common.permissions import Actor

Values = dict[str, str]


@for_members
def new_order(session: Session, incoming: Incoming, person: Person) -> Answer:
    """The order being written, where there is one; else the categories."""
    writing = open_draft(session, incoming, person)
    return _next(writing) if writing.draft.lines and writing.draft.plate else writing.show(View.CATEGORIES)


@at_draft(buttons.CATEGORIES)
def categories(writing: Writing, values: Values) -> Answer:
    return writing.show(View.CATEGORIES)


@at_draft(buttons.CATEGORY)
def category(writing: Writing, values: Values) -> Answer:
    chosen = writing.session.get(Category, int(values["category"]))
    if chosen is None or chosen.archived_at is not None:
        return writing.show_present(_("That category is no longer in the catalogue."))
    return writing.show(View.PARTS, category=chosen.id, page=int(values["page"]))


@at_draft(buttons.PART)
def part(writing: Writing, values: Values) -> Answer:
    """The part is in the order; its line is shown."""
    wanted = catalogue.live_part(writing.session, int(values["part"]))
    if wanted is None:
        return writing.show_present(_("That part is no longer in the catalogue. Type it: it is sent as written."))
    refusal = writing.keep(drafts.add_part(writing.draft, wanted.id, wanted.names))
    return writing.show_present(refused(refusal)) if refusal else writing.show(View.LINE, line=writing.draft.current)


@at_draft(buttons.LINE)
def line(writing: Writing, values: Values) -> Answer:
    refusal = writing.keep(drafts.choose(writing.draft, int(values["line"])))
    return writing.show_present(refused(refusal)) if refusal else writing.show(View.LINE, line=writing.draft.current)


@at_draft(buttons.QUANTITY)
def quantity(writing: Writing, values: Values) -> Answer:
    """The line has this quantity; 0 takes it out."""
    line_id, wanted = int(values["line"]), int(values["quantity"])
    refusal = writing.keep(drafts.set_quantity(writing.draft, line_id, wanted))
    if refusal:
        return writing.show_present(refused(refusal))
    return _after_a_change(writing, line_id) if wanted else _after_a_removal(writing)


@at_draft(buttons.GRADE)
def grade(writing: Writing, values: Values) -> Answer:
    if values["grade"] not in GRADES:
        return writing.show_present()
    line_id = int(values["line"])
    refusal = writing.keep(drafts.set_grade(writing.draft, line_id, GRADES[values["grade"]]))
    return writing.show_present(refused(refusal)) if refusal else _after_a_change(writing, line_id)


GRADES = {grade.value: grade for grade in Grade}


def _after_a_change(writing: Writing, line_id: int) -> Answer:
    """An old button does not carry the person off: every view of the draft shows its lines."""
    view = writing.present_view()
    return writing.show_present() if view in OF_THE_DRAFT else writing.show(View.LINE, line=line_id)


def _after_a_removal(writing: Writing) -> Answer:
    writing.show(View.SUMMARY, page=0) if writing.draft.lines else writing.show(View.CATEGORIES)
    return Answer(_("Removed."))


@at_draft(buttons.NEXT)
def next_view(writing: Writing, values: Values) -> Answer:
    return _next(writing)


def _next(writing: Writing) -> Answer:
    """On to what is still missing: parts, then the plate, then a look at all of it."""
    if not writing.draft.lines:
        return writing.show(View.CATEGORIES)
    return writing.show(View.SUMMARY, page=0) if writing.draft.plate else writing.show(View.PLATE)


@at_draft(buttons.PLATE)
def plate(writing: Writing, values: Values) -> Answer:
    return writing.show(View.PLATE)


@at_draft(buttons.CAR)
def car(writing: Writing, values: Values) -> Answer:
    """The plate is that of a car this person has ordered for."""
    theirs = select(Vehicle).join(Order, Order.vehicle_id == Vehicle.id)
    theirs = theirs.where(Vehicle.id == int(values["vehicle"]), Order.person_id == writing.person.id).limit(1)
    vehicle = writing.session.scalar(theirs)
    refusal = writing.keep(drafts.set_plate(writing.draft, vehicle.raw)) if vehicle else drafts.Refusal.EMPTY
    return writing.show_present(_("Type the plate, please.")) if refusal else _next(writing)


@at_draft(buttons.SUMMARY)
def summary(writing: Writing, values: Values) -> Answer:
    return writing.show(View.SUMMARY, page=int(values["page"]))


@at_draft(buttons.COMMENT)
def comment(writing: Writing, values: Values) -> Answer:
    return writing.show(View.COMMENT)


@at_draft(buttons.NO_COMMENT)
def no_comment(writing: Writing, values: Values) -> Answer:
    writing.keep(drafts.set_comment(writing.draft, ""))
    return writing.show(View.SUMMARY, page=0)


@at_draft(buttons.DROP)
def drop(writing: Writing, values: Values) -> Answer:
    return writing.show(View.DROP)


@at_draft(buttons.DROPPED)
def dropped(writing: Writing, values: Values) -> Answer:
    writing.renew()
    writing.show(View.HOME)
    return Answer(_("Dropped."))


@at_draft(buttons.SEND)
def send(writing: Writing, values: Values) -> Answer:
    """Place the order. The draft's key is the order's: a second press of the same button finds it sent."""
    if not (writing.draft.lines and writing.draft.plate):
        _next(writing)
        return Answer(_("Not yet: something is missing."))
    order, _new = orders.place_order(
        writing.session,
        key=writing.row.key,
        person=writing.person,
        lines=writing.draft.wanted(),
        actor=Actor.of(writing.person, Via.BOT),
        vehicle=vehicles.remember(writing.session, vehicles.read_plate(writing.draft.plate)),
        comment=writing.draft.comment,
    )
    lines = {line.id: kept.id for line, kept in zip(writing.draft.lines, order.lines, strict=False)}
    media.adopt(writing.session, writing.row.key, order, lines)
    writing.renew()
    writing.show(View.HOME, sent=order.id)
    return Answer(_("Sent: order %(number)s.") % {"number": order.id})
