"""Saved views: named lists of orders, private or for the whole desk. Views are archived, never deleted.

A view stores its filters as the fields of an address, so it shows the orders that match today; `mine` means each
reader. Every change carries the version its writer saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from common import clock
from common.database import rows
from common.database.models import SavedView
from common.errors import InvalidInput, NotFound
from common.finding.order_filters import FIELDS, Fields
from common.permissions import Action, Actor, may, require

MAX_NAME = 60
MOST_VIEWS = 200  # per person
PER_PAGE = 40
LONGEST_FIELD = 80


def save(session: Session, actor: Actor, *, name: str, fields: Fields, shared: bool) -> SavedView:
    """Save a new view.

    Raises:
        InvalidInput: `view_name`, `view_empty`, `too_many_views`.
        Forbidden: the role does not allow it.
    """
    require(actor, Action.VIEW_SAVE)
    theirs = (SavedView.owner_id == actor.person_id, SavedView.archived_at.is_(None))
    if (session.scalar(select(func.count()).where(*theirs)) or 0) >= MOST_VIEWS:
        raise InvalidInput("too_many_views", most=MOST_VIEWS)
    now = clock.utcnow()
    view = SavedView(
        name=clean_name(name),
        owner_id=actor.person_id,
        shared=shared,
        wanted=_clean_fields(fields),
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(view)
    session.flush()
    return view


def clean_name(name: str) -> str:
    """Raises: InvalidInput `view_name`."""
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= MAX_NAME or not cleaned.isprintable():
        raise InvalidInput("view_name", most=MAX_NAME)
    return cleaned


def _clean_fields(fields: Mapping[str, Sequence[str]]) -> Fields:
    """Raises: InvalidInput `view_empty`."""
    kept = {name: [value[:LONGEST_FIELD] for value in fields[name][:10]] for name in FIELDS if fields.get(name)}
    if not kept:
        raise InvalidInput("view_empty")
    return kept


def visible_to(person_id: int | None) -> ColumnElement[bool]:
    """The condition that this person may see a view."""
    return or_(SavedView.shared, SavedView.owner_id == person_id)


def get(session: Session, view_id: int, person_id: int | None) -> SavedView:
    """A view by its id, archived or not, since a person may have kept the link. Raises: NotFound."""
    wanted = (
        select(SavedView).where(SavedView.id == view_id, visible_to(person_id)).options(joinedload(SavedView.owner))
    )
    view = session.scalar(wanted)
    if view is None:
        raise NotFound("view", view_id)
    return view


def page(
    session: Session, person_id: int | None, *, after: int = 0, archived: bool = False, limit: int = PER_PAGE
) -> list[SavedView]:
    """The views this person may see, after the id `after`: one more than a page, to detect a next page."""
    gone = SavedView.archived_at.is_not(None) if archived else SavedView.archived_at.is_(None)
    wanted = select(SavedView).where(SavedView.id > after, visible_to(person_id), gone).order_by(SavedView.id)
    return list(session.scalars(wanted.options(joinedload(SavedView.owner)).limit(limit + 1)))


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whether the actor may change the view: their own, or with `view.manage` those others made for the whole desk."""
    action = Action.VIEW_SAVE if view.owner_id == actor.person_id else Action.VIEW_MANAGE
    return may(actor.role, action)


def change(
    session: Session,
    actor: Actor,
    view_id: int,
    *,
    expected_version: int,
    name: str | None = None,
    shared: bool | None = None,
    fields: Fields | None = None,
) -> SavedView:
    """Change the name, the readers or the filters; None keeps the present value.

    Raises:
        NotFound: no such view, or this person may not see it.
        StaleVersion: it changed since the caller read it.
        Forbidden: it is another person's.
        InvalidInput: `view_name`, `view_empty`.
    """
    view = _lock_view(session, actor, view_id, expected_version)
    if name is not None:
        view.name = clean_name(name)
    if shared is not None:
        view.shared = shared
    if fields is not None:
        view.wanted = _clean_fields(fields)
    session.flush()
    return view


def archive(session: Session, actor: Actor, view_id: int, *, expected_version: int) -> SavedView:
    """Remove the view from the lists; its link still opens it. Raises: as `change`."""
    return _set_archived(session, actor, view_id, expected_version, clock.utcnow())


def restore(session: Session, actor: Actor, view_id: int, *, expected_version: int) -> SavedView:
    """Raises: as `change`."""
    return _set_archived(session, actor, view_id, expected_version, None)


def _set_archived(
    session: Session, actor: Actor, view_id: int, expected_version: int, archived_at: datetime | None
) -> SavedView:
    view = _lock_view(session, actor, view_id, expected_version)
    view.archived_at = archived_at
    session.flush()
    return view


def _lock_view(session: Session, actor: Actor, view_id: int, expected_version: int) -> SavedView:
    """Raises: NotFound, Forbidden, StaleVersion."""
    view = get(session, view_id, actor.person_id)
    require(actor, Action.VIEW_SAVE if view.owner_id == actor.person_id else Action.VIEW_MANAGE)
    return rows.lock_at_version(session, SavedView, view_id, expected_version, "view")
