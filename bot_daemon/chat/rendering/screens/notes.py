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

OF_A_FILE = ("to_line", "to_order")  # the file's own note says it


def with_note_above(stage: Stage, content: Content) -> Content:
    """The content with the present notes above it, if there are any."""
    album = _album(stage)
    told = [_file_note(stage, album)] if album else []
    told += [words.note_text(code, _values(stage)) for code in _codes(stage) if not (album and code in OF_A_FILE)]
    shown = [f"☝️ {note}" for note in told if note]
    if not shown:
        return content
    rows = [[button] for button in [*(_other_places(stage, album) if album else []), *_noted(stage)]]
    return Content("\n".join([*shown, "", content.text]), [*rows, *content.buttons])


def _codes(stage: Stage) -> list[str]:
    also = stage.arguments.get("also")
    return [str(stage.arguments.get("note", "")), *(map(str, also) if isinstance(also, list) else [])]


def _noted(stage: Stage) -> list[Button]:
    """After words were noted on a line: they are a part."""
    if stage.arguments.get("note") != "noted":
        return []
    return [stage.button(buttons.NOTE_IS_PART, "➕ " + _("It is a part"), line=stage.number("line"))]


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
