"""Turns a handwritten line into a part of the catalogue, and optionally the open lines with the same words.

The written words stay: only the line's part is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from common import order_index
from common.catalogue import parts
from common.catalogue.details import PartDetails
from common.database.engine import bump_revision
from common.database.models import CLOSED, Order, OrderLine, Part
from common.errors import InvalidInput, NotFound
from common.permissions import Action, Actor, require
from common.text import folding

MAX_OPEN_LINES = 1000  # open lines that are looked through
ONE_LINE = 120


def written_words(line: OrderLine) -> str:
    """The written words in one line, short enough for a name."""
    return " ".join(str(line.words.get("", "")).split())[:ONE_LINE].strip()


def get_line(session: Session, line_id: int, *, lock: bool = False) -> OrderLine:
    """A line without a part. Raises: NotFound, InvalidInput `line_is_part`."""
    wanted = select(OrderLine).where(OrderLine.id == line_id)
    line = session.scalar(wanted.with_for_update() if lock else wanted)
    if line is None:
        raise NotFound("line", line_id)
    if line.part_id is not None:
        raise InvalidInput("line_is_part")
    return line


def similar_lines(session: Session, line: OrderLine) -> list[OrderLine]:
    """The other lines of open orders with the same words; case, marks and word order do not count."""
    words = _folded_words(line)
    if not words:
        return []
    found = session.scalars(
        select(OrderLine)
        .join(Order)
        .options(contains_eager(OrderLine.order))
        .where(OrderLine.part_id.is_(None), OrderLine.id != line.id, Order.state.not_in(CLOSED))
        .order_by(OrderLine.id.desc())
        .limit(MAX_OPEN_LINES)
    )
    return [other for other in found if _folded_words(other) == words]


def _folded_words(line: OrderLine) -> tuple[str, ...]:
    return tuple(sorted(folding.words(written_words(line))))


def make_part(
    session: Session,
    actor: Actor,
    line_id: int,
    *,
    all_alike: bool,
    category_id: int,
    names: Mapping[str, str],
    synonyms: Iterable[str] = (),
    **more: Unpack[PartDetails],
) -> Part:
    """Make a new part of the line; the line's words find the part. Raises: NotFound, Forbidden, InvalidInput."""
    require(actor, Action.CATALOGUE_CHANGE)
    line = get_line(session, line_id, lock=True)
    known = {folding.words(name) for name in names.values()}
    also = [written_words(line)] if folding.words(written_words(line)) not in known else []
    part = parts.add(session, actor, category_id=category_id, names=names, synonyms=[*synonyms, *also], **more)
    _link_lines(session, actor, line, part, all_alike)
    return part


def link_to_part(session: Session, actor: Actor, line_id: int, part_id: int, *, all_alike: bool) -> Part:
    """Link the line to an existing part, which its words also find. Raises: NotFound, Forbidden, InvalidInput."""
    require(actor, Action.CATALOGUE_CHANGE)
    line = get_line(session, line_id, lock=True)
    part = parts.get(session, part_id, lock=True)
    if part.archived_at is not None:
        raise InvalidInput("part_archived")
    parts.add_words(session, actor, part, [written_words(line)])
    _link_lines(session, actor, line, part, all_alike)
    return part


def _link_lines(session: Session, actor: Actor, line: OrderLine, part: Part, all_alike: bool) -> None:
    lines = [line, *(similar_lines(session, line) if all_alike else ())]
    for each in lines:
        each.part_id = part.id
    session.flush()
    order_index.index_part(session, part.id, part.category_id)
    numbers = sorted({each.order_id for each in lines})
    parts.record(
        session, actor, "part.from_line", part, {"written": written_words(line), "orders": numbers, "lines": len(lines)}
    )
    bump_revision(session)
