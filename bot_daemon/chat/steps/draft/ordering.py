"""Writing an order by buttons: each step says which event its button is, with the facts the event needs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons, lookup
from bot_daemon.chat.conversation import events
from bot_daemon.chat.conversation.events import Event
from bot_daemon.chat.conversation.views import View
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.steps.access import for_members
from bot_daemon.chat.steps.draft.writing import Values, Writing, at_draft, open_draft
from common.database.models import Additives, Grade, Person

GRADES = {grade.value: grade for grade in Grade}
CHOICES = {"with": Additives.WITH, "without": Additives.WITHOUT}


@for_members
def new_order(session: Session, incoming: Incoming, person: Person) -> Answer:
    return open_draft(session, incoming, person).answer(events.Begin())


@for_members
def star(session: Session, incoming: Incoming, person: Person) -> Answer:
    """A star belongs to the person and the part: any draft's button will do."""
    values = buttons.STAR.read(incoming.text)
    part = lookup.part(session, int(values["part"]))
    return open_draft(session, incoming, person).answer(events.SetStar(part, values["on"] != "0"))


@at_draft(buttons.CATEGORIES)
def categories(writing: Writing, values: Values) -> Event:
    return events.Open(View.CATEGORIES)


@at_draft(buttons.FAVOURITES)
def favourites(writing: Writing, values: Values) -> Event:
    return events.Open(View.FAVOURITES, int(values["page"]))


@at_draft(buttons.CATEGORY)
def category(writing: Writing, values: Values) -> Event:
    return events.OpenCategory(lookup.category(writing.session, int(values["category"])), int(values["page"]))


@at_draft(buttons.PART)
def part(writing: Writing, values: Values) -> Event:
    return events.Pick(lookup.part(writing.session, int(values["part"])))


@at_draft(buttons.IS_PART)
def is_part(writing: Writing, values: Values) -> Event:
    return events.Settle(int(values["line"]), lookup.part(writing.session, int(values["part"])))


@at_draft(buttons.AS_WRITTEN)
def as_written(writing: Writing, values: Values) -> Event:
    return events.AsWritten(int(values["line"]))


@at_draft(buttons.LINE)
def line(writing: Writing, values: Values) -> Event:
    return events.OpenLine(int(values["line"]))


@at_draft(buttons.QUANTITY)
def quantity(writing: Writing, values: Values) -> Event:
    return events.SetQuantity(int(values["line"]), int(values["quantity"]))


@at_draft(buttons.GRADE)
def grade(writing: Writing, values: Values) -> Event:
    return events.SetGrade(int(values["line"]), GRADES.get(values["grade"]))


@at_draft(buttons.GRADES)
def grades(writing: Writing, values: Values) -> Event:
    return events.SetGrade(None, GRADES.get(values["grade"]))


@at_draft(buttons.NEXT)
def next_view(writing: Writing, values: Values) -> Event:
    return events.Next()


@at_draft(buttons.PLATE)
def plate(writing: Writing, values: Values) -> Event:
    return events.Open(View.PLATE)


@at_draft(buttons.CAR)
def car(writing: Writing, values: Values) -> Event:
    return events.PickCar(lookup.car_of(writing.session, writing.person, int(values["vehicle"])))


@at_draft(buttons.USE_CAR)
def use_car(writing: Writing, values: Values) -> Event:
    return events.UseCar(int(values["mark"]))


@at_draft(buttons.HISTORY)
def history(writing: Writing, values: Values) -> Event:
    return events.Open(View.HISTORY)


@at_draft(buttons.AGAIN)
def again(writing: Writing, values: Values) -> Event:
    return events.Again(lookup.ordered(writing.session, writing.person, writing.state.draft, int(values["order"])))


@at_draft(buttons.ADDITIVES)
def additives(writing: Writing, values: Values) -> Event:
    choice = CHOICES.get(values["choice"], Additives.UNSAID)
    return events.SetAdditives(choice, lookup.additives(writing.session))


@at_draft(buttons.FILE_TO)
def file_to(writing: Writing, values: Values) -> Event:
    return events.MoveFile(int(values["message"]), int(values["line"]))


@at_draft(buttons.FILE_ALONE)
def file_alone(writing: Writing, values: Values) -> Event:
    album = writing.state.album(int(values["message"]))
    return events.MoveFile(int(values["message"]), None, lookup.unnamed(album[0].kind if album else ""))


@at_draft(buttons.SUMMARY)
def summary(writing: Writing, values: Values) -> Event:
    return events.Open(View.SUMMARY, int(values["page"]))


@at_draft(buttons.COMMENT)
def comment(writing: Writing, values: Values) -> Event:
    return events.Open(View.COMMENT)


@at_draft(buttons.NO_COMMENT)
def no_comment(writing: Writing, values: Values) -> Event:
    return events.NoComment()


@at_draft(buttons.DROP)
def drop(writing: Writing, values: Values) -> Event:
    return events.Open(View.DROP)


@at_draft(buttons.DROPPED)
def dropped(writing: Writing, values: Values) -> Event:
    return events.Drop()


@at_draft(buttons.SEND)
def send(writing: Writing, values: Values) -> Event:
    return events.Send()
