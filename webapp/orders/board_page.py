"""The content of the board: which orders wait for whom, and their next moves. Page and live updates share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import revision
from common.database.models import Order, OrderLine, OrderState
from common.orders import open_orders, overdue, undo
from common.orders.moves import Transition, moves_from
from common.orders.states import AGE_LIMITS, BOARD, ORDER_STATES
from common.orders.undo import Offer
from common.people import join_requests
from common.permissions import Action
from common.talk import presence
from common.talk.presence import Unseen
from webapp.web.callers import sessions
from webapp.web.context import desk, reader
from webapp.wording import receipts, times
from webapp.wording.receipts import Trouble

MAX_CARDS = 60
MOST_LINES = 5


@dataclass(frozen=True)
class AgeLimit:
    """The ages, in seconds, from which an order's age warns and is late."""

    warn: int
    late: int

    def level(self, since: datetime) -> str:
        seconds = (clock.utcnow() - since).total_seconds()
        return "late" if seconds >= self.late else "warn" if seconds >= self.warn else ""


def age_limit(state: OrderState) -> AgeLimit:
    """The age limit of a column of the board."""
    warn, late = AGE_LIMITS[state]
    return AgeLimit(warn * 60, late * 60)


@dataclass(frozen=True)
class BoardCard:
    """An order as the board shows it."""

    order: Order
    main: Transition
    limit: AgeLimit
    trouble: Trouble | None
    unseen: Unseen
    looking: list[str]  # the other readers who have its page open

    @property
    def shown_lines(self) -> list[OrderLine]:
        return self.order.lines[:MOST_LINES]

    @property
    def hidden_lines(self) -> int:
        return max(len(self.order.lines) - MOST_LINES, 0)

    @property
    def moves(self) -> str:
        """The offered moves, for the scripts: `take:in_work wait:waiting!`; the mark means that a reason is needed."""
        offered = moves_from(self.order.state)
        return " ".join(f"{t.move.value}:{t.target.value}{'!' if t.needs_reason else ''}" for t in offered)

    @property
    def overdue(self) -> bool:
        """Whether its expected day is over."""
        return overdue.is_past_day(self.order, times.today())

    @property
    def late(self) -> int:
        """The number of its parts that are late."""
        return len(overdue.overdue_lines(self.order, times.today()))


@dataclass
class Column:
    state: OrderState
    limit: AgeLimit
    count: int = 0
    oldest: datetime | None = None
    cards: list[BoardCard] = field(default_factory=list)

    @property
    def when_empty(self) -> str:
        return ORDER_STATES[self.state].when_empty

    @property
    def rest(self) -> int:
        """The number of orders that have no card on the board."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Board:
    """The columns: everything that readers with the same language and rights share."""

    revision: int
    columns: list[Column]
    may_move: bool

    @property
    def new(self) -> int:
        return self.columns[0].count


def read_board(session: Session, *, may_move: bool, except_: int | None = None) -> Board:
    """The board, in a fixed number of queries. `except_`: a person who is not listed as looking."""
    raised = revision(session)
    columns = {state: Column(state, age_limit(state)) for state in BOARD}
    for state, counted in open_orders.counts(session).items():
        columns[state].count, columns[state].oldest = counted
    for card in _read_cards(session, except_):
        columns[card.order.state].cards.append(card)
    return Board(raised, list(columns.values()), may_move)


def _read_cards(session: Session, except_: int | None) -> list[BoardCard]:
    orders = open_orders.oldest(session, MAX_CARDS)
    ids = [order.id for order in orders]
    troubles, unseen = receipts.troubles(session, ids), presence.unseen(session, ids)
    looking = presence.viewers(session, ids, except_=except_)
    return [
        BoardCard(
            order,
            next(move for move in moves_from(order.state) if move.main),
            age_limit(order.state),
            troubles.get(order.id),
            unseen.get(order.id, Unseen()),
            looking.get(order.id, []),
        )
        for order in orders
    ]


@dataclass(frozen=True)
class UnmovedOrder:
    """A move that was refused because the order had changed, and the change in a sentence."""

    order_id: int
    happened: str


@dataclass(frozen=True)
class BoardInside:
    """The content of the board for one reader: the shared columns, rendered, and what concerns the reader only."""

    columns: Markup
    join_requests: int  # the requests that this reader can decide
    offers: Sequence[Offer]
    unmoved: Sequence[UnmovedOrder] = ()
    wrong: str = ""


@dataclass(frozen=True)
class BoardPage:
    """The whole page. `is_just_in`: the reader has signed in this moment."""

    board: Board
    inside: BoardInside
    is_just_in: bool


def read_board_page(session: Session) -> BoardPage:
    board = _own_board(session)
    return BoardPage(board, read_inside(session, render_columns(board)), sessions.came_from_login())


def read_inside(
    session: Session, columns: Markup, unmoved: Iterable[UnmovedOrder] = (), wrong: str = ""
) -> BoardInside:
    who = reader()
    return BoardInside(
        columns=columns,
        join_requests=join_requests.open_count(session) if who.may(Action.PEOPLE_ADMIT) else 0,
        offers=undo.undo_offers(session, who.person_id),
        unmoved=list(unmoved),
        wrong=wrong,
    )


def render_inside(unmoved: Iterable[UnmovedOrder] = (), wrong: str = "") -> str:
    """The board's inside, with the moves that were refused and the reasons."""
    with desk().database.read() as session:
        columns = render_columns(_own_board(session))
        return render_template("orders/board_inside.html", page=read_inside(session, columns, unmoved, wrong))


def _own_board(session: Session) -> Board:
    return read_board(session, may_move=reader().may(Action.ORDER_MOVE), except_=reader().person_id)


def render_columns(board: Board) -> Markup:
    """The columns. They are rendered without a reader, so that they hold no reader's own data."""
    template = current_app.jinja_env.get_template("orders/board_columns.html")
    return Markup(template.render(page=board, settings=desk().settings))  # noqa: S704 a template of ours
