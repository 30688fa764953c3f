"""Writing an order by buttons: each step turns its button into an action, with the facts the action needs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons, lookup
from bot_daemon.chat.conversation import actions
from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.steps.access import for_members
from bot_daemon.chat.steps.draft.writing import Values, Writing, at_draft, open_draft
from common.database.models import Additives, Grade, Person

GRADES = {set_grade.value: set_grade for set_grade in Grade}
CHOICES = {"with": Additives.WITH, "without": Additives.WITHOUT}


@for_members
def new_order(session: Session, incoming: Incoming, person: Person) -> Answer:
    return open_draft(session, incoming, person).answer(actions.BeginOrder())


@for_members
def set_star(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Set or clear a star. It belongs to the person and the part, so any draft's button will do."""
    values = buttons.STAR.read(incoming.text)
    part = lookup.part(session, int(values["part"]))
    return open_draft(session, incoming, person).answer(actions.SetStar(part, values["on"] != "0"))


@at_draft(buttons.CATEGORIES)
def open_categories(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.CATEGORIES)


@at_draft(buttons.FAVOURITES)
def open_favourites(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.FAVOURITES, int(values["page"]))


@at_draft(buttons.CATEGORY)
def open_category(writing: Writing, values: Values) -> Action:
    return actions.OpenCategory(lookup.category(writing.session, int(values["category"])), int(values["page"]))


@at_draft(buttons.PART)
def pick_part(writing: Writing, values: Values) -> Action:
    return actions.PickPart(lookup.part(writing.session, int(values["part"])))


@at_draft(buttons.IS_PART)
def set_part(writing: Writing, values: Values) -> Action:
    return actions.SetPart(int(values["line"]), lookup.part(writing.session, int(values["part"])))


@at_draft(buttons.AS_WRITTEN)
def keep_as_written(writing: Writing, values: Values) -> Action:
    return actions.KeepAsWritten(int(values["line"]))


@at_draft(buttons.LINE)
def open_line(writing: Writing, values: Values) -> Action:
    return actions.OpenLine(int(values["line"]))


@at_draft(buttons.QUANTITY)
def set_quantity(writing: Writing, values: Values) -> Action:
    return actions.SetQuantity(int(values["line"]), int(values["quantity"]))


@at_draft(buttons.GRADE)
def set_grade(writing: Writing, values: Values) -> Action:
    return actions.SetGrade(int(values["line"]), GRADES.get(values["grade"]))


@at_draft(buttons.GRADES)
def set_all_grades(writing: Writing, values: Values) -> Action:
    return actions.SetGrade(None, GRADES.get(values["grade"]))


@at_draft(buttons.NEXT)
def go_on(writing: Writing, values: Values) -> Action:
    return actions.GoOn()


@at_draft(buttons.PLATE)
def open_plate(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.PLATE)


@at_draft(buttons.CAR)
def pick_car(writing: Writing, values: Values) -> Action:
    return actions.PickCar(lookup.car_of(writing.session, writing.person, int(values["vehicle"])))


@at_draft(buttons.USE_CAR)
def use_car(writing: Writing, values: Values) -> Action:
    return actions.UseCar(int(values["mark"]))


@at_draft(buttons.HISTORY)
def open_history(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.HISTORY)


@at_draft(buttons.AGAIN)
def order_again(writing: Writing, values: Values) -> Action:
    return actions.OrderAgain(
        lookup.past_lines(writing.session, writing.person, writing.state.draft, int(values["order"]))
    )


@at_draft(buttons.ADDITIVES)
def set_additives(writing: Writing, values: Values) -> Action:
    choice = CHOICES.get(values["choice"], Additives.UNSAID)
    return actions.SetAdditives(choice, lookup.additives(writing.session))


@at_draft(buttons.FILE_TO)
def move_file(writing: Writing, values: Values) -> Action:
    return actions.MoveFile(int(values["message"]), int(values["line"]))


@at_draft(buttons.FILE_ALONE)
def move_file_to_own_line(writing: Writing, values: Values) -> Action:
    album = writing.state.album(int(values["message"]))
    return actions.MoveFile(int(values["message"]), None, lookup.unnamed_words(album[0].kind if album else ""))


@at_draft(buttons.SUMMARY)
def open_summary(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.SUMMARY, int(values["page"]))


@at_draft(buttons.COMMENT)
def open_comment(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.COMMENT)


@at_draft(buttons.NO_COMMENT)
def clear_comment(writing: Writing, values: Values) -> Action:
    return actions.ClearComment()


@at_draft(buttons.DROP)
def ask_drop(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.DROP)


@at_draft(buttons.DROP_CONFIRMED)
def drop_draft(writing: Writing, values: Values) -> Action:
    return actions.DropDraft()


@at_draft(buttons.SEND)
def send_order(writing: Writing, values: Values) -> Action:
    return actions.SendOrder()
