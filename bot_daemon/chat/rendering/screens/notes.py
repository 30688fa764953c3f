"""The note above a view: the outcome of the last action; after a photo, with the other places it may go to."""

from __future__ import annotations

from collections.abc import Sequence

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation.state import WHOLE, AttachedFile
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.screens.stage import Stage
from bot_daemon.chat.rendering.text import label, localized
from common import i18n
from common.i18n import gettext as _


def with_note_above(stage: Stage, content: Content) -> Content:
    """The content with the present note above it, if there is one."""
    album = _album(stage)
    note = _file_note(stage, album) if album else words.note_text(str(stage.arguments.get("note", "")), _values(stage))
    if not note:
        return content
    moves = [[button] for button in _other_places(stage, album)] if album else []
    return Content(f"☝️ {note}\n\n{content.text}", [*moves, *content.buttons])


def _values(stage: Stage) -> dict[str, object]:
    """The values in a note: the words of a line, in the reader's language."""
    facts = stage.arguments.get("facts")
    of_a_line = facts.get("words") if isinstance(facts, dict) else None
    return {"words": localized(of_a_line, 80)} if isinstance(of_a_line, dict) else {"words": ""}


def _album(stage: Stage) -> Sequence[AttachedFile]:
    """The album of the photo or voice note that the note is about."""
    one = next((one for one in stage.attached if one.message_id == stage.number("file")), None)
    if one is None:
        return ()
    return [other for other in stage.attached if other is one or (one.group and other.group == one.group)]


def _file_note(stage: Stage, album: Sequence[AttachedFile]) -> str:
    """The note that tells where the file went."""
    count, line = len(album), stage.draft.line(album[0].line)
    if line is None:
        one, all_ = _("Got it: it goes with the whole order."), _("Got all %(count)s: with the whole order.")
    elif line.shows in {one.message_id for one in album}:
        one, all_ = _("Got it: a line of its own."), _("Got all %(count)s: a line of their own.")
    else:
        one, all_ = _("Got it: it goes with %(words)s."), _("Got all %(count)s: with %(words)s.")
    text = all_ if count > 1 else one
    return text % {"count": count, "words": localized(line.words, 80) if line else ""}


def _other_places(stage: Stage, album: Sequence[AttachedFile]) -> list[Button]:
    """Buttons for the file's other places: a separate line, another line, the order."""
    message, line = album[0].message_id, stage.draft.line(album[0].line)
    alone = line is not None and line.shows in {one.message_id for one in album}
    places = [] if alone else [stage.button(buttons.FILE_ALONE, "📷 " + _("A line of its own"), message=message)]
    other = next((other for other in reversed(stage.draft.lines) if other is not line and not other.shows), None)
    if other is not None and (alone or line is None):
        to_other = "📎 " + _("With: %(words)s") % {"words": label(i18n.worded(dict(other.words)), 30)}
        places.append(stage.button(buttons.FILE_TO, label(to_other), message=message, line=other.id))
    if line is not None:
        places.append(stage.button(buttons.FILE_TO, "📎 " + _("With the whole order"), message=message, line=WHOLE))
    return places
