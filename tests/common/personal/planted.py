"""A mechanic with a row in every table that may hold something about a person; each text holds the same mark."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from common import clock
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import (
    ApiRequest,
    ApiToken,
    Card,
    CatalogueImport,
    ChangeRequest,
    Chat,
    ChatMessage,
    Delivery,
    DeskNote,
    Draft,
    Event,
    Favourite,
    InboxRow,
    InboxState,
    Invitation,
    JoinRequest,
    JoinRequestState,
    LastMove,
    LoginAttempt,
    LoginLink,
    Media,
    MediaContent,
    MediaState,
    Order,
    OutboxRow,
    OutboxState,
    PageVisit,
    Person,
    Question,
    RequestState,
    Role,
    SavedView,
    Screen,
    SignInKind,
)
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import OwnerChanged
from common.orders.moves import Move
from common.people import known_browsers, logins, people, staff
from common.people.access import sign_ins
from common.signing import digest
from common.throttling import counting, limits
from common.throttling.limits import Kind
from tests.support.cast import AVI, RINA, Member, acts, hire
from tests.support.seed import SMALL
from tests.webapp.desks import line, move, place

MARK = "kanarin"
TELEGRAM = 731555123456
MEMBER = Member(f"Dima {MARK}", "ru", Role.MECHANIC, telegram_id=TELEGRAM, username=f"dima-{MARK}")
DIGEST = "ab" * 32


def planted(database: Database) -> Person:
    """The mechanic, with one closed order."""
    rina, avi = hire(database, RINA), hire(database, AVI)
    dima = hire(database, Member(f"Old {MARK}", "ru", Role.MECHANIC, telegram_id=TELEGRAM))
    with database.write() as session:
        catalogue.load(session, SMALL)
        person = session.get_one(Person, dima.id)
        people.change(
            session, acts(avi), dima.id, expected_version=person.version, name=MEMBER.name, language="ru", muted=[]
        )
        logins.set_password(session, session.get_one(Person, dima.id), MEMBER.username, "a long password here")
        sign_ins.record_failure(session, dima.id, SignInKind.FAILED, browser=f"Browser {MARK}", network=MARK)
        logins.open_session(session, dima.id, f"Browser {MARK}")
        known_browsers.remember(session, dima.id, "", network=MARK)
    order = place(database, dima, line(f"bolt {MARK}"), comment=f"comment {MARK}")
    for what in (Move.TAKE, Move.READY, Move.ISSUE):
        move(database, order.id, what, rina)
    _about_the_order(database, order.id, dima.id, rina.id)
    _about_the_person(database, dima.id)
    _named_elsewhere(database, dima, rina)
    with database.read() as session:
        return session.get_one(Person, dima.id)


def _about_the_order(database: Database, order_id: int, dima: int, rina: int) -> None:
    now, words = (
        clock.utcnow(),
        {"words": {"": f"said {MARK}"}, "remark": f"blue {MARK}", "request": 1, "wish": "add_line"},
    )
    with database.write() as session:
        order = session.get_one(Order, order_id)
        order.reason, order.issued_to, order.lines[0].reason = f"why {MARK}", f"to {MARK}", f"back {MARK}"
        order.lines[0].substitute, order.lines[0].remark = f"other {MARK}", f"left {MARK}"
        said = ChatMessage(
            order_id=order_id, author_id=dima, text=f"hello {MARK}", at=now, chat_id=TELEGRAM, message_id=4
        )
        session.add_all(
            [
                said,
                ChatMessage(order_id=None, author_id=dima, text=f"which order {MARK}", at=now),
                ChatMessage(order_id=order_id, author_id=rina, text=f"answer {MARK}", at=now),
                DeskNote(order_id=order_id, author_id=rina, key="n", text=f"note {MARK}", at=now),
                Question(
                    order_id=order_id,
                    kind="free",
                    text=f"what {MARK}",
                    answer=f"that {MARK}",
                    asked_by=rina,
                    asked_at=now,
                ),
                ChangeRequest(
                    order_id=order_id,
                    person_id=dima,
                    kind="add_line",
                    arguments=words,
                    state=RequestState.ASKED,
                    asked_at=now,
                ),
                _event(order_id, dima, EventKind.REQUEST_ASKED, words),
                _event(order_id, rina, EventKind.ORDER_WAITING, {"before": "new", "after": "waiting", "reason": MARK}),
            ]
        )
        session.flush()
        event = session.scalar(select(func.max(Event.id)))
        session.add_all(
            [
                MediaContent(
                    digest=DIGEST,
                    type="image/jpeg",
                    size=9,
                    body=MARK.encode(),
                    thumbnail=MARK.encode(),
                    created_at=now,
                ),
                Media(
                    order_id=order_id,
                    chat_message_id=said.id,
                    person_id=dima,
                    chat_id=TELEGRAM,
                    message_id=4,
                    file_id=f"file-{MARK}",
                    file_unique_id=MARK,
                    kind="photo",
                    caption=f"see {MARK}",
                    state=MediaState.KEPT,
                    digest=DIGEST,
                    due_at=now,
                    created_at=now,
                ),
                PageVisit(order_id=order_id, person_id=dima, seen_at=now, open_until=now),
                Card(order_id=order_id, chat_id=1009, message_id=7),
            ]
        )
        if session.get(LastMove, order_id) is None:
            session.add(
                LastMove(
                    order_id=order_id, event_id=event or 1, move="issue", version=1, until=now, was={}, person_id=dima
                )
            )
        last = session.get_one(LastMove, order_id)
        last.was, last.person_id = {"reason": MARK}, dima


def _event(order_id: int, actor: int, kind: EventKind, arguments: dict[str, object]) -> Event:
    return Event(
        order_id=order_id,
        kind=kind.value,
        at=clock.utcnow(),
        actor_id=actor,
        via="desk",
        version=9,
        arguments=arguments,
    )


def _message(key: str, dima: int | None, chat: int, state: OutboxState, **more: str) -> OutboxRow:
    now = clock.utcnow()
    return OutboxRow(
        key=f"{key}:{chat}",
        stream=f"chat:{chat}",
        collapse_key=f"screen:{chat}",
        chat_id=chat,
        person_id=dima,
        kind="reply.unlinked",
        arguments={"language": "ru", "name": MEMBER.name},
        priority=1,
        state=state,
        created_at=now,
        due_at=now,
        expires_at=now + timedelta(days=1),
        **more,
    )


def _about_the_person(database: Database, dima: int) -> None:
    now = clock.utcnow()
    with database.write() as session:
        token = ApiToken(digest="t" * 64, name=f"token {MARK}", person_id=dima, scopes=[], created_at=now)
        sent = _message("a", dima, TELEGRAM, OutboxState.SENT, reason_detail=f"detail {MARK}")
        session.add_all([token, sent, _message("b", dima, TELEGRAM, OutboxState.PENDING)])
        session.flush()
        session.add_all(
            [
                ApiRequest(token_id=token.id, key="k", asked="a", answer=f"answer {MARK}", created_at=now),
                Delivery(outbox_id=sent.id, epoch=1, at=now, method="sendMessage", text=f"text {MARK}", detail=MARK),
                LoginLink(digest="l" * 64, person_id=dima, browser_digest="b", created_at=now, expires_at=now),
                Invitation(
                    digest="i" * 64,
                    name=MEMBER.name,
                    role=Role.MECHANIC,
                    browser=MARK,
                    language="ru",
                    person_id=dima,
                    created_at=now,
                    expires_at=now,
                ),
                JoinRequest(
                    telegram_id=TELEGRAM,
                    name=f"Tg {MARK}",
                    language="ru",
                    state=JoinRequestState.APPROVED,
                    asked_at=now,
                ),
                Favourite(person_id=dima, part_id=1, created_at=now),
                SavedView(
                    name=f"view {MARK}", owner_id=dima, shared=False, wanted={"q": MARK}, created_at=now, updated_at=now
                ),
                CatalogueImport(
                    person_id=dima, filename=f"{MARK}.csv", rows=[[1, {"a": MARK}]], created_at=now, expires_at=now
                ),
                Draft(person_id=dima, key=f"d-{MARK}", content={"comment": MARK}, updated_at=now),
                Chat(chat_id=TELEGRAM),
                Screen(chat_id=TELEGRAM, view="menu", arguments={"text": MARK}),
                *(
                    InboxRow(
                        bot_id=1,
                        update_id=number,
                        lane=f"u:{TELEGRAM}",
                        kind="message",
                        body=f"update {MARK}".encode(),
                        state=state,
                        error=f"error {MARK}",
                        received_at=now,
                    )
                    for number, state in enumerate(InboxState)
                ),
            ]
        )


def _named_elsewhere(database: Database, dima: Person, rina: Person) -> None:
    """Where rows of others name them."""
    noa = hire(database, Member("Noa", "he", Role.MECHANIC, telegram_id=1002))
    order = place(database, noa)
    with database.write() as session:
        session.get_one(Order, order.id).issued_to = MEMBER.name
        record_event(
            session,
            acts(rina),
            session.get_one(Order, order.id),
            EventKind.ORDER_ASSIGNED,
            OwnerChanged(before=MEMBER.name, owner="Rina"),
        )
        named = _message("c", noa.id, 1002, OutboxState.SENT)
        session.add(named)
        session.flush()
        session.add(
            Delivery(
                outbox_id=named.id, epoch=1, at=clock.utcnow(), method="sendMessage", text=f"{MEMBER.name} says hello"
            )
        )
        staff.record(session, acts(rina), "person.changed", session.get_one(Person, noa.id), {"by": MEMBER.name})
        session.add(LoginAttempt(subject=digest(f"name:{MEMBER.username}"), at=clock.utcnow()))
        counting.reserve(session, [limits.CountKey(Kind.PASSWORD_NAME, MEMBER.username)])
