"""Whatever a mechanic, the desk and the network may do, in any order: the real steps on a real database.

Hypothesis chooses what happens. Nothing may be raised; every message keeps Telegram's limits; no line, photo or typed
word is lost that nobody took out; no confirmation makes two orders.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.conversation import drafts
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.screen_views import VIEWS_BY_NAME, ScreenView
from bot_daemon.chat.conversation.state import State
from bot_daemon.chat.conversation.typed import words_to_look_up
from bot_daemon.chat.rendering.text import utf16_units
from bot_daemon.outbound.stamping import Outgoing
from common.catalogue import catalogue
from common.database import models
from common.database.engine import Database
from common.database.models import (
    Category,
    ChangeRequest,
    ChatMessage,
    Media,
    Order,
    OrderLine,
    OutboxRow,
    OutboxState,
    Part,
    Person,
    Screen,
)
from common.orders import moves
from common.orders.moves import moves_from
from common.text import folding
from tests.bot_daemon.chat.driver import Chat, chat_of, look
from tests.bot_daemon.chat.limits import MAX_TOAST, check_sent
from tests.conftest import SOAK
from tests.support.cast import DIMA, NOA, RINA, acts, hire

SEQUENCES, LENGTH = (10_000, 15) if SOAK else (200, 15)
TAKES_LINES_OUT = (buttons.QUANTITY, buttons.IS_PART, buttons.ADDITIVES, buttons.FILE_TO, buttons.FILE_ALONE)
OF_A_DRAFT = re.compile(r"d:(?P<key>[^:]+):")
SAID = (ChatMessage, ChangeRequest, OrderLine)
ENDS_THE_DRAFT = (buttons.SEND, buttons.DROP_CONFIRMED)

PRESSES = [press for press in vars(buttons).values() if isinstance(press, Press)]
USUAL = ["колодки", "Передние колодки", "רפידות", "front pads", "болт М8", "Присадка для топлива", "срочно", "<b>&</b>"]
CARS = ["12345678", "12-345-67", "А123ВС77", "123", "1M8GDM9AXKP042788", "1M8GDM9AXKPO42788", "WVGZZZ5NZEW069297"]
ODD = ["2", "7", "0", "1000", "болт\nгайка\nfront pads", "\u202e", "🧨" * 200, "x" * 2000]
LONG_LIST = "\n".join(f"деталь {n}" for n in range(48))
COMMANDS = ["/start", "/new", "/orders", "/language", "/help", "/cancel", "/frobnicate", "/start x"]

anything = st.text(st.characters(exclude_categories=()), min_size=1, max_size=300)
texts = st.one_of(st.sampled_from([*USUAL, *CARS]), st.sampled_from([*ODD, LONG_LIST, *COMMANDS]), anything)
dice = st.integers(0, 10**6)


class Phone(Chat):
    """A chat that refuses what Telegram would, and remembers every button it ever showed."""

    shown: list[tuple[str, int]]

    def deliver(self) -> None:
        pending = select(exists().where(OutboxRow.state == OutboxState.PENDING))
        while look(self.database, lambda session: session.scalar(pending)):
            self.deliver_once()

    def _shown(self, outgoing: Outgoing) -> int | None:
        if outgoing.method != "deleteMessage":
            check_sent(outgoing.parameters)
        message_id = super()._shown(outgoing)
        if outgoing.method != "deleteMessage" and message_id is not None and outgoing.chat_id == self.user_id:
            rows = outgoing.parameters.get("reply_markup", {}).get("inline_keyboard", [])
            self.shown += [(b["callback_data"], message_id) for row in rows for b in row]
        return message_id


class Station:
    """One file for all sequences, as new before each; two programs that open it in turn.

    Both live on, because what costs most is that an engine learns its statements anew.
    """

    def __init__(self, template: Path, path: Path) -> None:
        self.template, self.path = template, path
        self.now, self._other = (Database(f"sqlite:///{path}", synchronous="OFF") for _ in range(2))

    def other(self) -> Database:
        self.now.dispose()
        self.now, self._other = self._other, self.now
        return self.now

    def reopen(self) -> None:
        self.dispose()
        for rest in self.path.parent.glob(f"{self.path.name}-*"):
            rest.unlink()
        shutil.copyfile(self.template, self.path)

    def dispose(self) -> None:
        self.now.dispose()
        self._other.dispose()


class Ordering(RuleBasedStateMachine):
    station: ClassVar[Station]

    @initialize(member=st.sampled_from([DIMA, NOA]))
    def open_the_station(self, member: Any) -> None:
        self.station.reopen()
        self.database = self.station.now
        with self.database.read() as session:
            self.person = session.scalars(select(Person).where(Person.telegram_id == member.telegram_id)).one()
            self.rina = session.scalars(select(Person).where(Person.name == RINA.name)).one()
        plain = chat_of(self.database, self.person)
        self.phone = Phone(self.database, plain.user_id, plain.name, plain.language_code)
        self.phone.shown = []
        self.confirmed: set[str] = set()
        self.held: list[dict[str, Any]] = []
        self.last: dict[str, Any] | None = None
        self.files = 0
        self.seen = Seen()
        self._receive(self.phone.written("/new"))

    # What happens -------------------------------------------------------------------------------------------------

    @rule(taps=st.lists(st.tuples(dice, dice), min_size=1, max_size=3))
    def press(self, taps: list[tuple[int, int]]) -> None:
        """Buttons of the screen, faster than it changes; each kind as likely as any other."""
        message = self.phone.screen
        for kind, which in taps:
            alike = _of_a_kind(list(message.buttons.values()), kind)
            self._receive(self.phone.pressed(alike[which % len(alike)], message.id), slow=True)
        self.phone.deliver()

    @rule(which=dice)
    def confirm_what_was_ever_shown(self, which: int) -> None:
        """Of each draft as likely, the present one among them."""
        latest = {buttons.SEND.read(data)["key"]: (data, message_id) for data, message_id in self._ever(buttons.SEND)}
        if latest:
            self._receive(self.phone.pressed(*list(latest.values())[which % len(latest)]))

    @rule(which=dice)
    def take_a_line_out(self, which: int) -> None:
        data = [data for data in self.phone.screen.buttons.values() if data.endswith(":quantity:0")]
        if data:
            self._receive(self.phone.pressed(data[which % len(data)], self.phone.screen.id))

    @rule(kind=st.sampled_from(PRESSES), which=dice)
    def press_a_button_of_a_kind(self, kind: Press, which: int) -> None:
        """As it was ever shown, on a message that may be long gone."""
        self._press_ever(kind, which)

    def _press_ever(self, kind: Press, which: int) -> None:
        ever = self._ever(kind)
        if ever:
            self._receive(self.phone.pressed(*ever[-1 - which % len(ever)]))

    def _ever(self, kind: Press) -> list[tuple[str, int]]:
        return list(dict.fromkeys(shown for shown in self.phone.shown if kind.pattern.match(shown[0])))

    @rule(text=texts, slow=st.booleans())
    def write(self, text: str, slow: bool) -> None:
        self._receive(self.phone.written(text), slow)

    @rule(words=st.sampled_from(USUAL), car=st.sampled_from(CARS), send=st.booleans())
    def order_something(self, words: str, car: str, send: bool) -> None:
        """The straight way, to the end or almost."""
        for text in ("/new", words):
            self._receive(self.phone.written(text), slow=True)
        self.phone.deliver()
        for press in (buttons.NEXT, buttons.PLATE):
            self._press_if_there(press)
        self._receive(self.phone.written(car))
        for press in (buttons.USE_CAR, *([buttons.SEND] if send else [])):
            self._press_if_there(press)

    def _press_if_there(self, press: Press) -> None:
        data = self.phone.screen.find(press)
        if data is not None:
            self._receive(self.phone.pressed(data, self.phone.screen.id))

    @rule(
        voice=st.booleans(), caption=st.one_of(st.just(""), anything), album=st.integers(0, 2), count=st.integers(1, 4)
    )
    def send_files(self, voice: bool, caption: str, album: int, count: int) -> None:
        for _ in range(count):
            self.files += 1
            one = {"file_id": f"f{self.files}", "file_unique_id": f"u{self.files}"}
            content: dict[str, Any] = {"caption": caption} if caption else {}
            content |= {"voice": {**one, "duration": 8}} if voice else {"photo": [{**one, "width": 9, "height": 9}]}
            content |= {"media_group_id": f"g{album}"} if album and not voice else {}
            self._receive({"message": {**self.phone._message(), **content}}, slow=True)
        self.phone.deliver()

    @rule()
    def send_something_else(self) -> None:
        self._receive({"message": {**self.phone._message(), "location": {"longitude": 1.0, "latitude": 1.0}}})

    @rule(which=dice)
    def hold_a_press_back(self, which: int) -> None:
        """It arrives later than what is done after it."""
        if self.phone.shown:
            self.held.append(self.phone.pressed(*self.phone.shown[-1 - which % len(self.phone.shown)]))

    @rule()
    def let_go(self) -> None:
        while self.held:
            self._receive(self.held.pop())

    @rule()
    def send_the_last_once_more(self) -> None:
        """An app that lost the answer sends its update again, with a new number."""
        if self.last is not None:
            self._receive(self.last)

    @rule()
    def restart(self) -> None:
        """Another process goes on from what is stored."""
        self.phone.database = self.database = self.station.other()

    @rule(which=dice, category=st.booleans())
    def archive_or_bring_back(self, which: int, category: bool) -> None:
        with self.database.write() as session:
            part = self._part_at_hand(session, which)
            row: Category | Part = part.category if category else part
            row.archived_at = None if row.archived_at else self.person.created_at

    @rule(which=dice, name=st.text(min_size=1, max_size=150))
    def rename_a_part(self, which: int, name: str) -> None:
        with self.database.write() as session:
            self._part_at_hand(session, which).names = dict.fromkeys(("ru", "he", "en"), name)

    def _part_at_hand(self, session: Session, which: int) -> Part:
        """One of the draft, or of the first category."""
        draft = self.seen.state.draft
        ids = [line.part_id for line in draft.lines if line.part_id is not None]
        ids += [part_id for line in draft.lines for part_id in line.candidates] or list(range(1, 9))
        return session.get_one(Part, ids[which % len(ids)])

    @rule(which=dice, move=dice)
    def serve(self, which: int, move: int) -> None:
        """The desk moves an order."""
        with self.database.write() as session:
            placed = session.scalars(select(Order)).all()
            if placed:
                order = placed[which % len(placed)]
                allowed = moves_from(order.state)
                if allowed:
                    chosen = allowed[move % len(allowed)].move
                    moves.move_order(
                        session, acts(self.rina), order.id, chosen, expected_version=order.version, reason="x" * 300,
                        day_unknown=True,
                    )  # fmt: skip
        self.phone.deliver()

    # What may never be --------------------------------------------------------------------------------------------

    def _receive(self, update: dict[str, Any], slow: bool = False) -> None:
        before = self.seen
        self.phone.deliver_at_once, self.last = not slow, update
        answer = self.phone.receive(update)
        assert utf16_units(answer.toast) <= MAX_TOAST
        data = update.get("callback_query", {}).get("data", "")
        if values := buttons.SEND.read(data):
            self.confirmed.add(values["key"])
        with self.database.read() as session:
            self.seen = seen(session, self.phone.user_id, self.person.id)
            if self.seen.key != before.key:
                assert before.key == "" or any(press.pattern.match(data) for press in ENDS_THE_DRAFT), data
                all_lines_are_sent(session, before, data)
            else:
                no_line_is_lost(before.state.draft, self.seen.state.draft, data)
                what_a_button_names_is_so(before, self.seen.state.draft, data)
            if self.seen.said == before.said and not was_said(session, update):
                no_word_is_lost(session, before.state, self.seen, update)
            self._orders_and_messages_are_in_order(session)
            files_are_where_they_can_be_found(session, self.seen)

    def _orders_and_messages_are_in_order(self, session: Session) -> None:
        """No confirmation makes two orders, and none is made without; every message could be worded."""
        assert set(session.scalars(select(Order.key))) <= self.confirmed
        dead = select(OutboxRow.reason_detail).where(OutboxRow.state == OutboxState.DEAD)
        assert session.scalars(dead).all() == []


def _of_a_kind(pressable: list[str], which: int) -> list[str]:
    """The buttons of one of the kinds there are."""
    kinds = [kind for kind in PRESSES if any(kind.pattern.match(data) for data in pressable)]
    kind = kinds[which % len(kinds)]
    return [data for data in pressable if kind.pattern.match(data)]


@dataclass(frozen=True)
class Seen:
    """What is stored of a conversation."""

    key: str = ""
    state: State = field(default_factory=State)
    said: int = 0  # how much has been said about orders that are there: messages, wishes, lines


def seen(session: Session, chat_id: int, person_id: int) -> Seen:
    draft, screen = session.get(models.Draft, person_id), session.get(Screen, chat_id)
    view = VIEWS_BY_NAME.get(screen.view, ScreenView.HOME) if screen else ScreenView.HOME
    state = State(
        drafts.from_stored(draft.content) if draft else Draft(), view, dict(screen.arguments) if screen else {}
    )
    said = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in SAID)
    return Seen(draft.key if draft else "", state, said)


def was_said(session: Session, update: dict[str, Any]) -> bool:
    """Whether this very message was kept as one about an order: its update may come again."""
    message = update.get("message", {})
    of_it = (
        ChatMessage.chat_id == message.get("chat", {}).get("id"),
        ChatMessage.message_id == message.get("message_id"),
    )
    return bool(message) and session.scalar(select(ChatMessage.id).where(*of_it)) is not None


def no_line_is_lost(before: Draft, after: Draft, data: str) -> None:
    """A line goes only by a button that says so, and never another than it names."""
    lost = [line for line in before.lines if after.line(line.id) is None]
    assert not lost or any(press.pattern.match(data) for press in TAKES_LINES_OUT), (data, lost)
    if lost and (values := buttons.QUANTITY.read(data) or buttons.IS_PART.read(data)):
        assert [line.id for line in lost] == [int(values["line"])]
    if buttons.FILE_TO.read(data) or buttons.FILE_ALONE.read(data):
        assert not any(line.typed or line.part_id for line in lost)


def what_a_button_names_is_so(before: Seen, after: Draft, data: str) -> None:
    """A press of the present draft has the result its data names; one of another draft changes nothing."""
    hit = OF_A_DRAFT.match(data)
    if hit and hit["key"] != before.key:
        assert after == before.state.draft, data
        return
    line = after.line(int(values["line"])) if (values := _of_a_line(data)) else None
    if line is not None and (values := buttons.QUANTITY.read(data)) and values["quantity"] != "0":
        assert line.quantity == int(values["quantity"])
    if line is not None and (values := buttons.GRADE.read(data)):
        assert line.grade == values["grade"]
    if (values := buttons.QUANTITY.read(data)) and values["quantity"] != "0":
        assert (line is None) == (before.state.draft.line(int(values["line"])) is None)


def _of_a_line(data: str) -> dict[str, str]:
    return buttons.QUANTITY.read(data) or buttons.GRADE.read(data)


def all_lines_are_sent(session: Session, before: Seen, data: str) -> None:
    if buttons.SEND.read(data):
        order = session.scalars(select(Order).where(Order.key == before.key)).one()
        sent = [(line.words, line.quantity, line.part_id, line.grade) for line in order.lines]
        lines = before.state.draft.lines
        assert sent == [(dict(line.words), line.quantity, line.part_id, line.grade) for line in lines]
        for file in session.scalars(select(Media).where(Media.order_id == order.id)):
            assert (file.line_id is None) == (file.draft_line is None), "what was on a line stays on it"


def no_word_is_lost(session: Session, before: State, after: Seen, update: dict[str, Any]) -> None:
    """Words that were not said about an order are in the draft, unless the screen says why not."""
    text = update.get("message", {}).get("text", "")
    if not text or text.startswith("/") or after.state.arguments.get("note") in set(Refusal):
        return
    typed, called = {line.typed.casefold() for line in after.state.draft.lines}, set[tuple[str, ...]]()
    for line in after.state.draft.lines:
        part = session.get(Part, line.part_id) if line.part_id else None
        called |= {_folded(name) for name in (*part.names.values(), *part.synonyms)} if part else set()
    assert not [
        words
        for words in words_to_look_up(before, text)
        if words.casefold() not in typed and _folded(words) not in called
    ]


def _folded(name: str) -> tuple[str, ...]:
    """What search takes for the same name: `ª` is the part that is called `å`."""
    return tuple(sorted(folding.words(name)))


def files_are_where_they_can_be_found(session: Session, seen: Seen) -> None:
    """A draft's are on lines that are there, an order's on its own."""
    lines = {line.id for line in seen.state.draft.lines}
    for file in session.scalars(select(Media)):
        if file.order_id is None:
            assert file.draft_key != seen.key or file.draft_line is None or file.draft_line in lines
        else:
            on_line = session.get(OrderLine, file.line_id) if file.line_id else None
            assert on_line is None or on_line.order_id == file.order_id


@pytest.mark.timeout(6 * 3600 if SOAK else 900)  # to make a failing sequence short takes longer than to find it
def test_no_sequence_of_events_gets_stuck_loses_a_line_or_raises(sqlite_template: Path, tmp_path: Path) -> None:
    Ordering.station = Station(stocked_station(sqlite_template, tmp_path), tmp_path / "machine.sqlite3")
    profile = settings(
        settings.get_profile("soak" if SOAK else "test"), max_examples=SEQUENCES, stateful_step_count=LENGTH
    )
    run_state_machine_as_test(Ordering, settings=profile)
    Ordering.station.dispose()


def stocked_station(template: Path, directory: Path) -> Path:
    """A file with the cast and the catalogue, closed."""
    path = directory / "stocked.sqlite3"
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}")
    for member in (DIMA, NOA, RINA):
        hire(database, member)
    with database.write() as session:
        catalogue.load(session)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path
