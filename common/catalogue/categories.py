"""Categories: adding, changing, ordering, archiving and restoring, for the catalogue's pages and its import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common import audit, clock
from common.catalogue import naming
from common.database import rows
from common.database.models import Category, Part
from common.errors import InvalidInput, NotFound
from common.i18n import worded
from common.permissions import Action, Actor, require


def get(session: Session, category_id: int, *, lock: bool = False) -> Category:
    """The category, archived or not. Raises: NotFound."""
    wanted = select(Category).where(Category.id == category_id)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound("category", category_id)
    return found


def find(session: Session, *, after: int = 0, archived: bool | None = None, limit: int) -> list[Category]:
    """The categories with a larger id than `after`, by id. `archived`: only archived ones, only live ones, or both."""
    found = select(Category).where(Category.id > after).order_by(Category.id).limit(limit)
    if archived is not None:
        found = found.where(Category.archived_at.is_not(None) if archived else Category.archived_at.is_(None))
    return list(session.scalars(found))


def all_categories(session: Session) -> list[tuple[Category, int]]:
    """All categories in display order, archived ones last, each with its number of live parts."""
    live = select(Part.category_id, func.count()).where(Part.archived_at.is_(None)).group_by(Part.category_id)
    counts: dict[int, int] = dict(row for row in session.execute(live))
    found = session.scalars(
        select(Category).order_by(Category.archived_at.is_not(None), Category.position, Category.id)
    )
    return [(category, counts.get(category.id, 0)) for category in found]


def add(session: Session, actor: Actor, *, names: Mapping[str, str], icon: str = "", code: str = "") -> Category:
    """Add a category at the end. Raises: Forbidden, InvalidInput."""
    require(actor, Action.CATALOGUE_CHANGE)
    cleaned = naming.clean_names(names)
    category = Category(
        code=_free_code(session, naming.clean_code(code) if code else naming.code_of(cleaned, "category")),
        icon=naming.clean_icon(icon),
        names=cleaned,
        position=(session.scalar(select(func.max(Category.position))) or 0) + 1,
    )
    session.add(category)
    session.flush()
    _record(session, actor, "category.added", category)
    return category


def _free_code(session: Session, code: str) -> str:
    taken = set(session.scalars(select(Category.code).where(Category.code.startswith(code, autoescape=True))))
    return first_free(code, taken)


def first_free(code: str, taken: set[str]) -> str:
    """The code if it is free, else the first free one of `code_2`, `code_3`, …."""
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code}_{number}"
    return free


def change(
    session: Session, actor: Actor, category_id: int, *, expected_version: int, names: Mapping[str, str], icon: str
) -> Category:
    """Raises: NotFound, Forbidden, StaleVersion, InvalidInput."""
    require(actor, Action.CATALOGUE_CHANGE)
    category = get(session, category_id, lock=True)
    rows.check_version(category, expected_version, "category")
    wanted: dict[str, Any] = {"names": naming.clean_names(names), "icon": naming.clean_icon(icon)}
    changes = audit.differences(category, wanted)
    if changes:
        category.names, category.icon = wanted["names"], wanted["icon"]
        session.flush()
        _record(session, actor, "category.changed", category, {"changes": changes})
    return category


def archive(session: Session, actor: Actor, category_id: int) -> Category:
    """Archive the category. Its parts are not offered until it is restored. Raises: NotFound, Forbidden."""
    return _set_archived(session, actor, category_id, archived=True)


def restore(session: Session, actor: Actor, category_id: int) -> Category:
    """Raises: NotFound, Forbidden."""
    return _set_archived(session, actor, category_id, archived=False)


def _set_archived(session: Session, actor: Actor, category_id: int, *, archived: bool) -> Category:
    require(actor, Action.CATALOGUE_CHANGE)
    category = get(session, category_id, lock=True)
    if (category.archived_at is not None) is not archived:
        category.archived_at = clock.utcnow() if archived else None
        session.flush()
        _record(session, actor, "category.archived" if archived else "category.restored", category)
    return category


def reorder(session: Session, actor: Actor, category_id: int, before_id: int | None) -> None:
    """Put the category before another one, or last. Raises: NotFound, Forbidden, InvalidInput `reorder`."""
    require(actor, Action.CATALOGUE_CHANGE)
    category = get(session, category_id, lock=True)
    others = list(
        session.scalars(
            select(Category)
            .where(Category.archived_at.is_(None), Category.id != category_id)
            .order_by(Category.position, Category.id)
        )
    )
    if put_before([*others], category, before_id):
        session.flush()
        _record(session, actor, "category.placed", category)


def put_before(others: list[Any], row: Any, before_id: int | None) -> bool:
    """Renumber the rows with this one before another, or last. Returns whether anything changed.

    Raises: InvalidInput `reorder`: the other row is not among them.
    """
    at = len(others) if before_id is None else next((n for n, other in enumerate(others) if other.id == before_id), -1)
    if at < 0:
        raise InvalidInput("place")
    ordered = [*others[:at], row, *others[at:]]
    moved = [(number, each) for number, each in enumerate(ordered) if each.position != number]
    for number, each in moved:
        each.position = number
    return bool(moved)


def _record(
    session: Session, actor: Actor, kind: str, category: Category, arguments: Mapping[str, Any] | None = None
) -> None:
    name = worded(category.names)
    audit.record(session, actor, kind, subject_id=category.id, name=name, version=category.version, arguments=arguments)
