"""The view of one line: quantity, grade, star, attachments."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation.drafts import DraftLine
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import line_text
from bot_daemon.chat.rendering.screens.picking_views import categories, other_lines
from bot_daemon.chat.rendering.screens.stage import Stage, quantities
from bot_daemon.chat.rendering.text import label
from common.catalogue import favourites
from common.database.models import Grade
from common.i18n import gettext as _


def line_view(stage: Stage) -> Content:
    line = stage.draft.line(stage.number("line"))
    if line is None:
        return categories(stage)
    text = [line_text(line, mark=stage.mark(line)), *_explanation(line), "", _("How many? Tap or type a number.")]
    rows = [
        quantities(stage, line),
        _grades(stage, line),
        _same_grade(stage, line),
        _star(stage, line),
        _as_written_button(stage, line),
        [stage.button(buttons.QUANTITY, "🗑 " + _("Remove"), line=line.id, quantity=0)],
        [stage.button(buttons.SUMMARY, "✅ " + _("Done"), page=0)],
    ]
    return Content("\n".join([*text, *other_lines(stage, line.id)]), rows)


def _explanation(line: DraftLine) -> list[str]:
    if line.part_id is not None:
        return []
    photo = "📷 <i>" + _("A photo or a voice note sent now goes with it.") + "</i>"
    written = "✍️ <i>" + _("Not in the catalogue: sent as written.") + "</i>"
    return [written, photo] if "" in line.words else [photo]


def _grades(stage: Stage, line: DraftLine) -> list[Button]:
    return [
        stage.button(
            buttons.GRADE,
            ("✓ " if grade is line.grade else "") + words.grade(grade),
            line=line.id,
            grade=grade.value,
        )
        for grade in Grade
    ]


def _same_grade(stage: Stage, line: DraftLine) -> list[Button]:
    """A button that applies the grade to all lines, if they differ."""
    if len(stage.draft.grades()) < 2:
        return []
    text = _("All lines: %(grade)s") % {"grade": words.grade(line.grade)}
    return [stage.button(buttons.GRADES, text, grade=line.grade.value)]


def _star(stage: Stage, line: DraftLine) -> list[Button]:
    if line.part_id is None:
        return []
    if favourites.is_starred(stage.session, stage.person.id, line.part_id):
        return [buttons.STAR.button("✩ " + _("Not a favourite any more"), part=line.part_id, on=0)]
    return [buttons.STAR.button("⭐ " + _("Make it a favourite"), part=line.part_id, on=1)]


def _as_written_button(stage: Stage, line: DraftLine) -> list[Button]:
    """A button that goes back from the part to the typed words."""
    if line.part_id is None or not line.typed:
        return []
    text = _("As written: %(words)s") % {"words": label(line.typed, 30)}
    return [stage.button(buttons.AS_WRITTEN, label(f"✍️ {text}"), line=line.id)]
