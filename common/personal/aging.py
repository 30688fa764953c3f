"""Aging: what the station no longer needs goes by itself, in small transactions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.models import CLOSED, AuditEntry, CarWord, Order, Vehicle
from common.personal import erasure, forgetting
from common.settings.retention import RetentionSettings

AT_ONCE = 200  # rows per transaction


def age(session: Session, retention: RetentionSettings, language: str) -> bool:
    """One transaction of aging. Returns whether there was anything: then call it again."""
    return (
        erasure.go_on(session, language)
        or _forget_orders(session, retention.keep_words_days)
        or _forget_cars(session, retention.keep_cars_days)
        or _forget_audit(session, retention.keep_audit_days)
    )


def _forget_orders(session: Session, days: int) -> bool:
    """Closed orders lose their words; open ones keep them however old they are."""
    old = (Order.forgotten_at.is_(None), Order.state.in_(CLOSED), Order.state_since < clock.utcnow() - timedelta(days))
    ids = session.scalars(select(Order.id).where(*old).limit(forgetting.AT_ONCE)).all() if days else ()
    if ids:
        forgetting.forget(session, ids)
    return bool(ids)


def _forget_cars(session: Session, days: int) -> bool:
    """Cars for which nothing was ordered lately; their orders stay, without a car."""
    since = clock.utcnow() - timedelta(days)
    wanted = exists().where(Order.vehicle_id == Vehicle.id, Order.state_since >= since)
    is_open = exists().where(Order.vehicle_id == Vehicle.id, Order.state.not_in(CLOSED))
    old = select(Vehicle.id).where(Vehicle.created_at < since, ~wanted, ~is_open).limit(AT_ONCE)
    ids = session.scalars(old).all() if days else ()
    session.execute(update(Order).where(Order.vehicle_id.in_(ids)).values(vehicle_id=None))
    session.execute(delete(CarWord).where(CarWord.vehicle_id.in_(ids)))
    session.execute(delete(Vehicle).where(Vehicle.id.in_(ids)))
    return bool(ids)


def _forget_audit(session: Session, days: int) -> bool:
    old = select(AuditEntry.id).where(AuditEntry.at < clock.utcnow() - timedelta(days)).order_by(AuditEntry.id)
    ids: Sequence[int] = session.scalars(old.limit(AT_ONCE)).all() if days else ()
    session.execute(delete(AuditEntry).where(AuditEntry.id.in_(ids)))
    return bool(ids)
