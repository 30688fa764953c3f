"""A mechanic's changes to their own order: done at once until it is taken, afterwards requested from the desk.

No change can be requested once the order is ready: the parts lie on the counter, and changes are made there.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import CLOSED, ChangeRequest, Order, OrderLine, RequestState, Unit
from common.errors import InvalidInput, NotFound, WrongState
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.talk import RequestAccepted, RequestAsked
from common.orders import lines, locking, moves, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.orders.states import CHANGEABLE, CHANGED_AT_ONCE, WAS_HANDED_OUT
from common.permissions import Action, Actor, require

MOST_OPEN = 20


class Wish(enum.StrEnum):
    """The changes that can be requested, with their arguments."""

    ADD_LINE = "add_line"  # words, quantity, unit, remark
    REMOVE_LINE = "remove_line"  # line
    QUANTITY = "quantity"  # line, quantity, unit; without a unit the line's own
    REMARK = "remark"  # line, remark
    CANCEL = "cancel"


@dataclass(frozen=True)
class Granted:
    """The change was made at once."""

    order: Order


def ask(
    session: Session, actor: Actor, order_id: int, wish: Wish, arguments: dict[str, Any]
) -> Granted | ChangeRequest:
    """Make the change if the order is untaken, else request it. The same wish again returns the existing request.

    Raises:
        NotFound: the person has no such order, or it has no such line.
        WrongState: the order is ready, issued or cancelled.
        InvalidInput: `words`, `quantity`, `remark`, `too_many_lines`, `last_line`, `too_many_requests`.
    """
    require(actor, Action.ORDER_CHANGE_OWN)
    order = locking.lock_own_order(session, actor, order_id)
    if order.state not in CHANGEABLE:
        raise WrongState("order", order.state)
    facts = _clean_arguments(order, wish, arguments)
    if _is_done_already(order, wish, facts):
        return Granted(order)
    if order.state in CHANGED_AT_ONCE:
        locking.bump_version(order)
        APPLY[wish](session, actor, order, facts)
        return Granted(order)
    return _insert_request(session, actor, order, wish, facts)


def _insert_request(session: Session, actor: Actor, order: Order, wish: Wish, facts: dict[str, Any]) -> ChangeRequest:
    waiting = open_requests(session, order)
    same = next((r for r in waiting if _essence(r.kind, r.arguments) == _essence(wish, facts)), None)
    if same is not None:
        return same
    if len(waiting) >= MOST_OPEN:
        raise InvalidInput("too_many_requests", most=MOST_OPEN)
    request = ChangeRequest(
        order=order,
        person_id=order.person_id,
        kind=wish.value,
        arguments=facts,
        state=RequestState.ASKED,
        asked_at=clock.utcnow(),
    )
    session.add(request)
    session.flush()
    record_event(session, actor, order, EventKind.REQUEST_ASKED, _event_arguments(request))
    return request


def _event_arguments(request: ChangeRequest) -> RequestAsked:
    return RequestAsked.read({"request": request.id, "wish": request.kind, **request.arguments})


def _essence(kind: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
    """The part of a wish that identifies it: the words and the remark that the line had at the time do not count."""
    words = arguments.get("words") if kind == Wish.ADD_LINE else None
    remark = arguments.get("remark", "") if kind in (Wish.ADD_LINE, Wish.REMARK) else ""
    unit = arguments.get("unit", Unit.PIECE)
    return kind, arguments.get("line"), arguments.get("quantity"), unit, words, remark


def _clean_arguments(order: Order, wish: Wish, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as stored. Raises: NotFound, InvalidInput."""
    if wish is Wish.ADD_LINE:
        if len(order.lines) >= placing.MAX_LINES:
            raise InvalidInput("too_many_lines", most=placing.MAX_LINES)
        return _clean_line(_wanted_line(arguments))
    if wish is Wish.CANCEL:
        return {}
    line = _get_changeable(order, int(arguments["line"]))
    if wish is Wish.REMOVE_LINE:
        if len(order.lines) < 2:
            raise InvalidInput("last_line")
        return lines.line_named(line).stored()
    named = lines.line_named(line).stored()
    if wish is Wish.REMARK:
        return {**named, "remark": _clean_remark(arguments["remark"])}
    placing.check_quantity(int(arguments["quantity"]))
    return {**named, "quantity": int(arguments["quantity"]), "unit": Unit(arguments.get("unit", line.unit))}


def _clean_line(wanted: WantedLine) -> dict[str, object]:
    placing.check_line(wanted)
    return {
        "words": wanted.words,
        "quantity": wanted.quantity,
        "unit": wanted.unit,
        "remark": wanted.remark,
        "part_id": wanted.part_id,
    }


def _clean_remark(typed: str) -> str:
    remark = lines.clean_remark(typed)
    placing.check_remark(remark)
    return remark


def _wanted_line(facts: dict[str, Any]) -> WantedLine:
    """A line to add; a request of an older program has no unit and no remark."""
    return WantedLine(
        dict(facts["words"]),
        int(facts.get("quantity", 1)),
        facts.get("part_id"),
        unit=Unit(facts.get("unit", Unit.PIECE)),
        remark=lines.clean_remark(facts.get("remark", "")),
    )


def _get_changeable(order: Order, line_id: int) -> OrderLine:
    """A line that has not been handed out. Raises: NotFound, WrongState."""
    line = lines.get_line(order, line_id)
    if line.state in WAS_HANDED_OUT:
        raise WrongState("line", line.state)
    return line


def _is_done_already(order: Order, wish: Wish, facts: dict[str, Any]) -> bool:
    if wish is Wish.QUANTITY:
        line = lines.get_line(order, facts["line"])
        return (line.quantity, line.unit) == (facts["quantity"], facts["unit"])
    return wish is Wish.REMARK and lines.get_line(order, facts["line"]).remark == facts["remark"]


def open_requests(session: Session, order: Order) -> list[ChangeRequest]:
    """The requests that wait for the desk, oldest first; none once the order is closed."""
    if order.state in CLOSED:
        return []
    asked = select(ChangeRequest).where(ChangeRequest.order_id == order.id, ChangeRequest.state == RequestState.ASKED)
    return list(session.scalars(asked.order_by(ChangeRequest.id)))


def accept(session: Session, actor: Actor, request_id: int, *, expected_version: int) -> ChangeRequest:
    """Make the requested change; the card tells the mechanic.

    Raises:
        NotFound: no such request, or its line is gone.
        StaleVersion: the order changed since the caller read it.
        WrongState: the request is decided, or the order's state no longer allows it.
        InvalidInput: `too_many_lines`, `last_line`.
    """
    request, order = _decide(session, actor, request_id, RequestState.ACCEPTED, expected_version)
    APPLY[Wish(request.kind)](session, actor, order, request.arguments)
    facts = RequestAccepted(request=request.id, wish=request.kind)
    record_event(session, actor, order, EventKind.REQUEST_ACCEPTED, facts)
    return request


def refuse(session: Session, actor: Actor, request_id: int, *, expected_version: int) -> ChangeRequest:
    """Leave the order as it is; a notice tells the mechanic.

    Raises:
        NotFound, StaleVersion, WrongState: as `accept`.
    """
    request, order = _decide(session, actor, request_id, RequestState.REFUSED, expected_version)
    record_event(session, actor, order, EventKind.REQUEST_REFUSED, _event_arguments(request))
    return request


def _decide(
    session: Session, actor: Actor, request_id: int, state: RequestState, expected_version: int
) -> tuple[ChangeRequest, Order]:
    require(actor, Action.REQUEST_DECIDE)
    request = session.get(ChangeRequest, request_id)
    if request is None:
        raise NotFound("request", request_id)
    order = locking.lock_at_version(session, request.order_id, expected_version)
    session.refresh(request)
    if request.state is not RequestState.ASKED:
        raise WrongState("request", request.state)
    if order.state in CLOSED:
        raise WrongState("order", order.state)
    request.state, request.decided_by, request.decided_at = state, actor.person_id, clock.utcnow()
    session.flush()
    return request, order


# Making the change, in an order that is locked and has its new version -----------------------------------------------


def _add_line(session: Session, actor: Actor, order: Order, facts: dict[str, Any]) -> None:
    lines.add(session, actor, order, _wanted_line(facts))


def _remove_line(session: Session, actor: Actor, order: Order, facts: dict[str, Any]) -> None:
    lines.remove(session, actor, order, _get_changeable(order, facts["line"]))


def _set_quantity(session: Session, actor: Actor, order: Order, facts: dict[str, Any]) -> None:
    line = _get_changeable(order, facts["line"])
    lines.set_quantity(session, actor, order, line, facts["quantity"], Unit(facts.get("unit", line.unit)))


def _set_remark(session: Session, actor: Actor, order: Order, facts: dict[str, Any]) -> None:
    lines.set_remark(session, actor, order, _get_changeable(order, facts["line"]), facts["remark"])


def _cancel(session: Session, actor: Actor, order: Order, facts: dict[str, Any]) -> None:
    moves.apply_move(session, actor, order, moves.TRANSITIONS[Move.CANCEL], moves.REASON_WITHDRAWN)


APPLY: dict[Wish, Callable[[Session, Actor, Order, dict[str, Any]], None]] = {
    Wish.ADD_LINE: _add_line,
    Wish.REMOVE_LINE: _remove_line,
    Wish.QUANTITY: _set_quantity,
    Wish.REMARK: _set_remark,
    Wish.CANCEL: _cancel,
}
