"""Asking to join: a stranger in the chat asks, a manager decides, in Telegram or at the desk.

Anyone on Telegram can press the button, so everything here is bounded: one open request per stranger, a day's wait
after a refusal, a limit of open requests in all, and a limit of notices an hour.
"""

from __future__ import annotations

import enum
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import bump_revision
from common.database.models import Invitation, JoinRequest, JoinRequestState, Person, Role
from common.errors import NotFound
from common.facts.base import Arguments
from common.facts.messages import JoinRequested, ReplyFacts
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.people import people, preferences, staff
from common.people.access import revocation
from common.people.access.revocation import AccessChange
from common.permissions import Action, Actor, require

State = JoinRequestState
ASK_AGAIN_AFTER = timedelta(days=1)  # after a refusal
MOST_OPEN = 200
NOTICED, WINDOW = 5, timedelta(hours=1)  # this many requests an hour get a notice each, the rest share one


class JoinOutcome(enum.StrEnum):
    """The outcome of asking to join."""

    NEW = "new"
    ALREADY = "already"  # the request is still open
    TOO_SOON = "too_soon"  # the last request was refused less than a day ago
    FULL = "full"  # too many strangers ask at the moment


def lock_request(session: Session, telegram_id: int) -> JoinRequest | None:
    """A stranger's request, locked. Every way in locks it first, so that two ways run one after the other."""
    return session.scalar(select(JoinRequest).where(JoinRequest.telegram_id == telegram_id).with_for_update())


def ask(session: Session, *, telegram_id: int, name: str, language: str) -> JoinOutcome:
    """Ask to be let in. Callers exclude people of the station, present or archived."""
    request = lock_request(session, telegram_id)
    if request is not None and not may_ask(request):
        return JoinOutcome.ALREADY if request.state is State.ASKED else JoinOutcome.TOO_SOON
    if open_count(session) >= MOST_OPEN:
        return JoinOutcome.FULL
    if request is None:
        request = JoinRequest(telegram_id=telegram_id)
        session.add(request)
    request.name, request.language = shown_name(name, telegram_id), people.clean_language(language)
    request.state, request.asked_at = State.ASKED, clock.utcnow()
    request.decided_at = request.decided_by = None
    session.flush()
    _tell_managers(session, request)
    bump_revision(session)
    return JoinOutcome.NEW


def may_ask(request: JoinRequest) -> bool:
    """Whether the button has an effect: not while a request is open, nor within a day of a refusal."""
    if request.state is State.REFUSED and request.decided_at is not None:
        return request.decided_at <= clock.utcnow() - ASK_AGAIN_AFTER
    return request.state is not State.ASKED


def shown_name(name: str, telegram_id: int) -> str:
    """Telegram's name of the account without invisible characters; the account's number if none are left."""
    visible = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(visible.split())[: people.MAX_NAME].strip() or str(telegram_id)


def open_count(session: Session) -> int:
    """The number of undecided requests."""
    return session.scalar(select(func.count()).where(JoinRequest.state == State.ASKED)) or 0


def open_requests(session: Session, after: int, limit: int) -> list[JoinRequest]:
    """The undecided requests, by id."""
    waiting = select(JoinRequest).where(JoinRequest.state == State.ASKED, JoinRequest.id > after)
    return list(session.scalars(waiting.order_by(JoinRequest.id).limit(limit)))


def decide(
    session: Session, actor: Actor, request_id: int, state: JoinRequestState, *, name: str = ""
) -> tuple[JoinRequest, bool]:
    """Let a stranger in, or refuse them; the first decision stands.

    Args:
        name: the station's name for the person; Telegram's name if empty.

    Returns:
        The request, and whether this call decided it.

    Raises:
        NotFound, Forbidden. InvalidInput: `name`.
    """
    require(actor, Action.PEOPLE_ADMIT)
    hit = session.execute(
        update(JoinRequest)
        .where(JoinRequest.id == request_id, JoinRequest.state == State.ASKED)
        .values(state=state, decided_at=clock.utcnow(), decided_by=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    request = session.get(JoinRequest, request_id, populate_existing=True)
    if request is None:
        raise NotFound("request to join", request_id)
    if hit.rowcount != 1:  # type: ignore[attr-defined]
        return request, False
    if state is State.APPROVED:
        person = _let_in(session, request, people.clean_name(name) if name.strip() else request.name)
        _queue_answer(session, request, MessageKind.REPLY_LET_IN, person.id)
        session.flush()
        staff.record(session, actor, "person.let_in", person)
    else:
        _queue_answer(session, request, MessageKind.REPLY_NOT_LET_IN)
    bump_revision(session)
    return request, True


def _let_in(session: Session, request: JoinRequest, name: str) -> Person:
    person = people.by_telegram(session, request.telegram_id)
    if person is None:
        return people.add_person(
            session, name=name, role=Role.MECHANIC, language=request.language, telegram_id=request.telegram_id
        )
    if person.archived_at is not None:
        person.archived_at, person.role = None, Role.MECHANIC
        revocation.end(session, person, AccessChange.RETURNED)
    return person


def settle(request: JoinRequest | None, invitation: Invitation) -> None:
    """Close the request of a stranger who came in by an invitation: it needs no decision any more."""
    if request is not None and request.state is State.ASKED:
        request.state, request.decided_at, request.decided_by = State.APPROVED, clock.utcnow(), invitation.created_by


def _tell_managers(session: Session, request: JoinRequest) -> None:
    """Send a notice per request while there are few; in a flood, one an hour with the number of open requests."""
    since = clock.utcnow() - WINDOW
    recent = session.scalar(select(func.count()).where(JoinRequest.asked_at > since)) or 0
    about = JoinRequested(request=request.id if recent <= NOTICED else None)
    for manager in people.linked_people(session, Action.PEOPLE_ADMIT):
        if manager.telegram_id is not None and preferences.wants(manager, MessageKind.NOTICE_JOIN_REQUEST):
            cause = _cause(request) if about.request is not None else f"join:{request.asked_at:%Y%m%d%H}"
            _enqueue(session, cause, MessageKind.NOTICE_JOIN_REQUEST, manager.telegram_id, about, manager.id)


def _queue_answer(session: Session, request: JoinRequest, kind: MessageKind, person_id: int | None = None) -> None:
    """Tell the stranger the decision, once per request."""
    language = ReplyFacts(language=request.language)
    _enqueue(session, _cause(request), kind, request.telegram_id, language, person_id)


def _cause(request: JoinRequest) -> str:
    return f"join:{request.id}:{request.asked_at.timestamp():.0f}"


def _enqueue(
    session: Session, cause: str, kind: MessageKind, chat_id: int, arguments: Arguments, person_id: int | None
) -> None:
    outbox.enqueue(
        session,
        key=f"{cause}:{chat_id}:{kind}",
        kind=kind,
        chat_id=chat_id,
        stream=outbox.chat_stream(chat_id),
        arguments=arguments,
        person_id=person_id,
    )
