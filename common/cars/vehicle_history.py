"""The history of cars: their orders, with the mechanic, the time and the parts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from common import clock
from common.database.models import Order, OrderLine, OrderState, Vehicle

RECENT = 4
LAST_ORDERS = 5
LOOKED_AT = 200  # orders of one person or car
SAME_CAR_WITHIN = timedelta(minutes=60)


@dataclass(frozen=True)
class RecentUse:
    """A car, and the time a person last ordered for it."""

    vehicle: Vehicle
    at: datetime


def recent_vehicles(session: Session, person_id: int, *, limit: int = RECENT) -> list[Vehicle]:
    """The cars of this person's last `LOOKED_AT` orders, the latest first."""
    latest = func.max(Order.id)
    last = select(Order.id).where(Order.person_id == person_id).order_by(Order.id.desc()).limit(LOOKED_AT)
    return list(
        session.scalars(
            select(Vehicle)
            .join(Order, Order.vehicle_id == Vehicle.id)
            .where(Order.id.in_(last))
            .group_by(Vehicle.id)
            .order_by(latest.desc())
            .limit(limit)
        )
    )


def vehicle_of(session: Session, person_id: int, vehicle_id: int) -> Vehicle | None:
    """This car, if the person has ordered for it: the number of another's car must not tell its plate."""
    theirs = select(Vehicle).join(Order, Order.vehicle_id == Vehicle.id)
    return session.scalar(theirs.where(Vehicle.id == vehicle_id, Order.person_id == person_id).limit(1))


def last_order(session: Session, person_id: int) -> Order | None:
    """The last order of this person that was not cancelled."""
    theirs = select(Order).where(Order.person_id == person_id, Order.state != OrderState.CANCELLED)
    return session.scalar(theirs.order_by(Order.id.desc()).limit(1).options(joinedload(Order.vehicle)))


def same_car_again(session: Session, person_id: int, *, within: timedelta = SAME_CAR_WITHIN) -> RecentUse | None:
    """The car of this person's last order, if that was recent: the car is probably still on the lift."""
    last = last_order(session, person_id)
    if last is None or last.vehicle is None or last.created_at < clock.utcnow() - within:
        return None
    return RecentUse(last.vehicle, last.created_at)


def last_orders(
    session: Session, vehicle_id: int, *, limit: int = LAST_ORDERS, before: int | None = None
) -> list[Order]:
    """The car's orders with their lines, newest first, by any mechanic; only those before order `before`."""
    orders = select(Order).where(Order.vehicle_id == vehicle_id)
    if before is not None:
        orders = orders.where(Order.id < before)
    return list(session.scalars(orders.order_by(Order.id.desc()).limit(limit).options(selectinload(Order.lines))))


def same_parts_before(
    session: Session, vehicle_id: int, part_ids: Collection[int], *, before: int | None = None
) -> dict[int, OrderLine]:
    """For each part this car got before, the newest line with its order. Cancelled orders do not count.

    Only its last `LOOKED_AT` orders do: what people take for a plate, such as 0000000, has thousands.
    """
    last = select(Order.id).where(Order.vehicle_id == vehicle_id)
    if before is not None:
        last = last.where(Order.id < before)
    lines = (
        select(func.max(OrderLine.id))
        .join(Order)
        .where(Order.id.in_(last.order_by(Order.id.desc()).limit(LOOKED_AT)))
        .where(Order.state != OrderState.CANCELLED, OrderLine.part_id.in_(part_ids))
        .group_by(OrderLine.part_id)
    )
    newest = select(OrderLine).where(OrderLine.id.in_(lines)).options(joinedload(OrderLine.order))
    return {line.part_id: line for line in session.scalars(newest) if line.part_id is not None}
