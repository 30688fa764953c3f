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
    line, part = int(values["line"]), int(values["part"])
    beside = lookup.words_beside(writing.session, writing.state.draft.line(line), part)
    return actions.SetPart(line, lookup.part(writing.session, part), beside)


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


@at_draft(buttons.ASK_LATER)
def ask_later(writing: Writing, values: Values) -> Action:
    return actions.AskLater(int(values["line"]))


@at_draft(buttons.NOTE_IS_PART)
def take_note_as_part(writing: Writing, values: Values) -> Action:
    """The last text, which was noted on the line, is a part."""
    sources = writing.state.draft.sources
    text, message = (sources[-1].text, sources[-1].message) if sources else ("", 0)
    return actions.TakeAsPart(
        lookup.typed(writing.session, writing.person, text, writing.state.draft, message), int(values["line"])
    )


@at_draft(buttons.JOINED)
def join_lines(writing: Writing, values: Values) -> Action:
    return actions.JoinLines(int(values["message"]))


@at_draft(buttons.PUT_BACK)
def put_back(writing: Writing, values: Values) -> Action:
    return actions.PutBack()


@at_draft(buttons.NEXT)
def go_on(writing: Writing, values: Values) -> Action:
    return actions.GoOn()


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


@at_draft(buttons.URGENT)
def set_urgent(writing: Writing, values: Values) -> Action:
    return actions.SetUrgent(values["switch"] == "on")


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
