"""Saved views: a list of orders under a name, for oneself or for the whole desk. Archived, never deleted.

Kept is what is asked for, as an address says it, so a view shows what fits today; `mine` is each reader's own. Every
change carries the version its writer saw.
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
MOST_VIEWS = 200  # of one person
PER_PAGE = 40
LONGEST_FIELD = 80


def save(session: Session, actor: Actor, *, name: str, fields: Fields, shared: bool) -> SavedView:
    """A new view.

    Raises:
        InvalidInput: `view_name`, `view_empty`, `too_many_views`.
        Forbidden: by this role.
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
    """That a view is for this person to see."""
    return or_(SavedView.shared, SavedView.owner_id == person_id)


def get(session: Session, view_id: int, person_id: int | None) -> SavedView:
    """A view by its number; archived ones too, since somebody may have kept the link. Raises: NotFound."""
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
    """The views this person sees, those after the number `after`: one more than a page, to know of another."""
    gone = SavedView.archived_at.is_not(None) if archived else SavedView.archived_at.is_(None)
    wanted = select(SavedView).where(SavedView.id > after, visible_to(person_id), gone).order_by(SavedView.id)
    return list(session.scalars(wanted.options(joinedload(SavedView.owner)).limit(limit + 1)))


def may_change(actor: Actor, view: SavedView) -> bool:
    """One's own, and with `view.manage` what others made for the whole desk."""
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
    """Another name, other readers or other filters; what is None stays.

    Raises:
        NotFound: no such view, or it is not for this person.
        StaleVersion: it changed since the caller read it.
        Forbidden: it is somebody else's.
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
    """Out of the lists; its link goes on opening it. Raises: as `change`."""
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
