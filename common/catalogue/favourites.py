"""A person's frequent parts: the starred ones, and the recently ordered ones."""

from __future__ import annotations

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from common import clock
from common.catalogue.catalogue import live_part
from common.database import rows
from common.database.models import Category, Favourite, Order, OrderLine, Part

MAX_STARS = 50  # stars of one person: a list for one thumb
SHOWN = 8
LOOKED_AT = 200  # orders of one person: what they ordered before is no longer recent


def star(session: Session, person_id: int, part_id: int) -> bool:
    """Star a part for a person; a second call has no effect.

    Returns:
        Whether the part has the star: no archived part gets one, nor any part beyond `MAX_STARS`.
    """
    if is_starred(session, person_id, part_id):
        return True
    if live_part(session, part_id) is None or _star_count(session, person_id) >= MAX_STARS:
        return False
    row = {"person_id": person_id, "part_id": part_id, "created_at": clock.utcnow()}
    session.execute(rows.insert(session, Favourite).values(row).on_conflict_do_nothing())
    return True


def unstar(session: Session, person_id: int, part_id: int) -> None:
    """Remove the person's star from the part, if there is one."""
    session.execute(delete(Favourite).where(Favourite.person_id == person_id, Favourite.part_id == part_id))


def is_starred(session: Session, person_id: int, part_id: int) -> bool:
    starred = select(Favourite.part_id).where(Favourite.person_id == person_id, Favourite.part_id == part_id)
    return session.scalar(starred) is not None


def _star_count(session: Session, person_id: int) -> int:
    """The number of live parts with the person's star; archived parts do not count."""
    live = _live_parts().join(Favourite, Favourite.part_id == Part.id).where(Favourite.person_id == person_id)
    return session.scalar(select(func.count()).select_from(live.subquery())) or 0


def starred_parts(session: Session, person_id: int, *, limit: int = SHOWN) -> list[Part]:
    """The person's favourites, in the order in which they were starred."""
    return list(
        session.scalars(
            _live_parts()
            .join(Favourite, Favourite.part_id == Part.id)
            .where(Favourite.person_id == person_id)
            .order_by(Favourite.created_at, Part.id)
            .limit(limit)
        )
    )


def recently_ordered(session: Session, person_id: int, *, limit: int = SHOWN) -> list[Part]:
    """The parts of the person's last `LOOKED_AT` orders, each once, the newest first."""
    last = select(Order.id).where(Order.person_id == person_id).order_by(Order.id.desc()).limit(LOOKED_AT)
    latest = (
        select(OrderLine.part_id, func.max(OrderLine.order_id).label("last"), func.max(OrderLine.id).label("line"))
        .where(OrderLine.order_id.in_(last), OrderLine.part_id.is_not(None))
        .group_by(OrderLine.part_id)
        .subquery()
    )
    newest_first = (latest.c.last.desc(), latest.c.line)
    parts = _live_parts().join(latest, latest.c.part_id == Part.id).order_by(*newest_first).limit(limit)
    return list(session.scalars(parts))


def _live_parts() -> Select[Part]:
    live = select(Part).join(Category, Category.id == Part.category_id)
    return live.where(Part.archived_at.is_(None), Category.archived_at.is_(None))
