"""Merges a part into another, which takes over its names, lines and stars. Orders keep their words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from common import clock, order_index
from common.catalogue import parts
from common.database import rows
from common.database.models import Favourite, OrderLine, Part
from common.errors import InvalidInput
from common.i18n import worded
from common.permissions import Action, Actor, require
from common.text import folding


@dataclass(frozen=True)
class MergePlan:
    """The effects of a merge, shown before it is done."""

    part: Part  # the part to archive
    into: Part
    lines: int  # order lines that will count for the other part
    stars: int
    names: dict[str, str]  # in the languages in which the other part has no name
    synonyms: list[str]  # added to those of the other part


def plan_merge(session: Session, part_id: int, into_id: int) -> MergePlan:
    """Raises: NotFound, InvalidInput `merge_itself`, `merged`, `part_archived`."""
    return _plan_checked(session, parts.get(session, part_id), parts.get(session, into_id))


def _plan_checked(session: Session, part: Part, into: Part) -> MergePlan:
    if part.id == into.id:
        raise InvalidInput("merge_itself")
    if part.merged_into_id is not None:
        raise InvalidInput("merged")
    if into.archived_at is not None:
        raise InvalidInput("part_archived")
    names = {code: name for code, name in part.names.items() if not into.names.get(code)}
    known = {folding.words(str(text)) for text in (*into.names.values(), *into.synonyms, *names.values())}
    gained: dict[tuple[str, ...], str] = {}
    for text in (*part.names.values(), *part.synonyms):
        gained.setdefault(folding.words(str(text)), str(text))
    lines = session.scalar(select(func.count()).where(OrderLine.part_id == part.id)) or 0
    stars = session.scalar(select(func.count()).where(Favourite.part_id == part.id)) or 0
    return MergePlan(part, into, lines, stars, names, [text for words, text in gained.items() if words not in known])


def merge(session: Session, actor: Actor, part_id: int, into_id: int, *, expected: tuple[int, int]) -> MergePlan:
    """Merge the parts, if both are still at the versions seen.

    Args:
        expected: the versions of the part and of the one it is merged into.

    Raises:
        NotFound, Forbidden, StaleVersion, InvalidInput.
    """
    require(actor, Action.CATALOGUE_CHANGE)
    for each in sorted((part_id, into_id)):  # always in this order, so that two merges cannot deadlock
        parts.get(session, each, lock=True)
    done = plan_merge(session, part_id, into_id)
    rows.check_version(done.part, expected[0], "part")
    rows.check_version(done.into, expected[1], "part")
    parts.add_words(session, actor, done.into, done.synonyms, done.names)
    _move_references(session, done.part.id, done.into.id)
    order_index.index_part(session, done.into.id, done.into.category_id)
    done.part.merged_into_id = done.into.id
    done.part.archived_at = done.part.archived_at or clock.utcnow()
    session.flush()
    told = {"other": worded(done.into.names), "into": done.into.id, "lines": done.lines}
    parts.record(session, actor, "part.merged", done.part, told)
    return done


def _move_references(session: Session, part_id: int, into_id: int) -> None:
    """Moves lines and stars, and the parts that were merged into this one before."""
    silently = {"synchronize_session": False}
    lines = update(OrderLine).where(OrderLine.part_id == part_id).values(part_id=into_id)
    session.execute(lines, execution_options=silently)
    has_star = select(Favourite.person_id).where(Favourite.part_id == into_id)
    stars = update(Favourite).where(Favourite.part_id == part_id, Favourite.person_id.not_in(has_star))
    session.execute(stars.values(part_id=into_id), execution_options=silently)
    session.execute(delete(Favourite).where(Favourite.part_id == part_id), execution_options=silently)
    before = update(Part).where(Part.merged_into_id == part_id).values(merged_into_id=into_id)
    session.execute(before, execution_options=silently)
