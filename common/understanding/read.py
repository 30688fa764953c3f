"""What a text means as an order: its lines, its car, its urgency and its comment."""

from __future__ import annotations

from collections.abc import Collection

from common.catalogue.search_index import MOST_WORK
from common.text.work_budget import WorkBudget
from common.understanding import clauses, pieces
from common.understanding.cars import take_car
from common.understanding.corrections import Context, take_change_of_last, take_corrections
from common.understanding.cutting import Cutter
from common.understanding.lines import LineReader
from common.understanding.names import NameFound, Names
from common.understanding.reading import Fate, Reading, ReadLine, Sheet
from common.understanding.said import Said
from common.understanding.words.lexicon import Spans, lexicon
from common.understanding.words.measures import join_measures
from common.understanding.words.tokens import clean, tokenise


def read(text: str, names: Names, present: Collection[int] = (), budget: WorkBudget | None = None) -> Reading:
    """The reading of a typed or dictated text.

    Args:
        present: the parts that the order has already.
        budget: what the text may cost, `MOST_WORK` if not given; words beyond it are kept as typed.
    """
    budget = budget or WorkBudget(MOST_WORK)
    cleaned = clean(text)
    sheet = Sheet(cleaned, pieces.split_prefixes(join_measures(cleaned, tokenise(cleaned)), names))
    spans = lexicon().spans(sheet.tokens)
    clauses.take_question(sheet, spans)
    pieces.take_list_marks(sheet)
    car = take_car(sheet, spans)
    no_car = clauses.take(sheet, spans, "no_car", Fate.NO_CAR)
    same_car = clauses.take(sheet, spans, "same_car", Fate.SAME)
    same_order = clauses.take(sheet, spans, "same_order", Fate.SAME)
    clauses.take(sheet, spans, "urgency", Fate.COMMENT, "not_urgent")
    urgent = clauses.take(sheet, spans, "urgency", Fate.URGENT, "urgent")
    found = _names(sheet, spans, names, budget)
    found, corrections = take_corrections(Context(sheet, spans, present), found)
    clauses.take_comments(sheet, spans, found)
    changes_last = take_change_of_last(sheet, spans, found)
    clauses.take_noise(sheet, spans, found)
    found = [one for one in found if sheet.all_free(one.start, one.end)]
    lines = LineReader(Said(sheet, spans), names, budget).read(Cutter(sheet, spans, found, names).cut())
    of_last, lines = _of_last(lines, changes_last)
    says = of_last is not None and bool(of_last.quantity or of_last.positions or of_last.quality)
    return Reading(
        lines=tuple(lines),
        corrections=tuple(corrections),
        of_last=of_last if says else None,
        not_read=of_last.remark if of_last and not says else "",
        car=car.number,
        car_remark=car.remark,
        other_cars=car.others,
        no_car=no_car,
        same_car=same_car,
        same_order=same_order,
        urgent=urgent,
        comment=sheet.words(sheet.of(Fate.COMMENT)),
        tokens=tuple(sheet.tokens),
        fates=tuple(fate or Fate.SEPARATOR for fate in sheet.fates),
    )


def _of_last(lines: list[ReadLine], changes_last: bool) -> tuple[ReadLine | None, list[ReadLine]]:
    """What is said before any part, and the lines without it."""
    is_bare = bool(lines) and (changes_last or not (lines[0].typed or lines[0].parts))
    return (lines[0], lines[1:]) if is_bare else (None, lines)


def _names(sheet: Sheet, spans: Spans, names: Names, budget: WorkBudget) -> list[NameFound]:
    """The names of parts; a single word that is also a number, a unit or a position is none."""
    found = names.find(sheet.tokens, [fate is not None for fate in sheet.fates], budget)
    return [one for one in found if one.length > 1 or not clauses.begins(spans, one.start, *NO_NAMES)]


NO_NAMES = ("numbers", "units", "prepositions", "positions", "joiners")
