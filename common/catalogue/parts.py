"""Parts: adding, changing, ordering, archiving and restoring. Orders keep the words they were placed with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common import audit, clock, order_index
from common.catalogue import categories, details, naming
from common.catalogue.details import PartDetails
from common.database import rows
from common.database.models import Category, Part
from common.errors import InvalidInput, NotFound
from common.i18n import worded
from common.permissions import Action, Actor, require
from common.text import folding


def get(session: Session, part_id: int, *, lock: bool = False) -> Part:
    """The part, archived or not. Raises: NotFound."""
    wanted = select(Part).where(Part.id == part_id)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound("part", part_id)
    return found


def add(
    session: Session,
    actor: Actor,
    *,
    category_id: int,
    names: Mapping[str, str],
    synonyms: Iterable[str] = (),
    code: str = "",
    **more: Unpack[PartDetails],
) -> Part:
    """Add a part at the end of its category. Raises: Forbidden, InvalidInput."""
    require(actor, Action.CATALOGUE_CHANGE)
    cleaned = naming.clean_names(names)
    part = Part(
        category=_category(session, category_id),
        code=_free_code(session, naming.clean_code(code) if code else naming.code_of(cleaned, "part")),
        names=cleaned,
        synonyms=naming.clean_synonyms(synonyms),
        position=_last_position(session, category_id),
        **{"flags": [], **details.clean(more)},
    )
    session.add(part)
    session.flush()
    record(session, actor, "part.added", part)
    return part


def _category(session: Session, category_id: int) -> Category:
    """Raises: InvalidInput `category`."""
    category = session.get(Category, category_id)
    if category is None:
        raise InvalidInput("category")
    return category


def _free_code(session: Session, code: str) -> str:
    taken = set(session.scalars(select(Part.code).where(Part.code.startswith(code, autoescape=True))))
    return categories.first_free(code, taken)


def _last_position(session: Session, category_id: int) -> int:
    return (session.scalar(select(func.max(Part.position)).where(Part.category_id == category_id)) or 0) + 1


def change(
    session: Session,
    actor: Actor,
    part_id: int,
    *,
    expected_version: int,
    category_id: int,
    names: Mapping[str, str],
    synonyms: Iterable[str],
    **more: Unpack[PartDetails],
) -> Part:
    """Change a part that is still at the version seen; details that are not given stay.

    Raises:
        NotFound, Forbidden, StaleVersion, InvalidInput.
    """
    require(actor, Action.CATALOGUE_CHANGE)
    part = get(session, part_id, lock=True)
    rows.check_version(part, expected_version, "part")
    wanted = {
        "category_id": _category(session, category_id).id,
        "names": naming.clean_names(names),
        "synonyms": naming.clean_synonyms(synonyms),
        **details.clean(more),
    }
    changes = audit.differences(part, wanted)
    if changes:
        if "category_id" in changes:
            part.position = _last_position(session, category_id)
        for field, value in wanted.items():
            setattr(part, field, value)
        session.flush()
        if "category_id" in changes:
            order_index.index_part(session, part_id, category_id)
        record(session, actor, "part.changed", part, {"changes": changes})
    return part


def add_words(
    session: Session, actor: Actor, part: Part, synonyms: Iterable[str], names: Mapping[str, str] | None = None
) -> None:
    """Add these words to a locked part's synonyms, and use them as its name in languages without one.

    Raises:
        InvalidInput `synonyms_many`.
    """
    known = {folding.words(str(name)) for name in part.names.values()}
    more = [text for text in synonyms if folding.words(text) not in known]
    wanted: dict[str, Any] = {
        "names": {**(names or {}), **part.names},
        "synonyms": naming.clean_synonyms([*part.synonyms, *more]),
    }
    changes = audit.differences(part, wanted)
    if changes:
        part.names, part.synonyms = wanted["names"], wanted["synonyms"]
        session.flush()
        record(session, actor, "part.changed", part, {"changes": changes})


def archive(session: Session, actor: Actor, part_id: int) -> Part:
    """Archive the part: it is no longer offered. Raises: NotFound, Forbidden."""
    return _set_archived(session, actor, part_id, archived=True)


def restore(session: Session, actor: Actor, part_id: int) -> Part:
    """Raises: NotFound, Forbidden, InvalidInput `merged`: it was merged into another part."""
    return _set_archived(session, actor, part_id, archived=False)


def _set_archived(session: Session, actor: Actor, part_id: int, *, archived: bool) -> Part:
    require(actor, Action.CATALOGUE_CHANGE)
    part = get(session, part_id, lock=True)
    if not archived and part.merged_into_id is not None:
        raise InvalidInput("merged")
    if (part.archived_at is not None) is not archived:
        part.archived_at = clock.utcnow() if archived else None
        session.flush()
        record(session, actor, "part.archived" if archived else "part.restored", part)
    return part


def reorder(session: Session, actor: Actor, part_id: int, before_id: int | None) -> None:
    """Put the part before another one of its category, or last. Raises: NotFound, Forbidden, InvalidInput `reorder`."""
    require(actor, Action.CATALOGUE_CHANGE)
    part = get(session, part_id, lock=True)
    of_it = (Part.category_id == part.category_id, Part.archived_at.is_(None), Part.id != part_id)
    others = list(session.scalars(select(Part).where(*of_it).order_by(Part.position, Part.id)))
    if categories.put_before(others, part, before_id):
        session.flush()
        record(session, actor, "part.placed", part)


def record(session: Session, actor: Actor, kind: str, part: Part, arguments: Mapping[str, Any] | None = None) -> None:
    """Record a change of a part in the audit."""
    name = worded(part.names)
    audit.record(session, actor, kind, subject_id=part.id, name=name, version=part.version, arguments=arguments)
