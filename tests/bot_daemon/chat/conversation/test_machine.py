"""Whatever a mechanic, the desk and the network may do, in any order: the real steps on a real database.

Hypothesis chooses what happens. Nothing may be raised; every message keeps Telegram's limits; no line, photo or typed
word is lost that nobody took out; no confirmation makes two orders.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.rendering.text import utf16_units
from common.database.models import (
    Category,
    Order,
    OutboxRow,
    OutboxState,
    Part,
    Person,
)
from common.orders import moves
from common.orders.moves import moves_from
from tests.bot_daemon.chat.conversation.machine_station import Phone, Station, stocked_station
from tests.bot_daemon.chat.conversation.promises import (
    Seen,
    all_lines_are_sent,
    files_are_where_they_can_be_found,
    no_line_is_lost,
    no_word_is_lost,
    seen,
    was_said,
    what_a_button_names_is_so,
)
from tests.bot_daemon.chat.driver import chat_of
from tests.bot_daemon.chat.limits import MAX_TOAST
from tests.conftest import SOAK
from tests.support.cast import DIMA, NOA, RINA, acts

SEQUENCES, LENGTH = (10_000, 15) if SOAK else (30, 15)
ENDS_THE_DRAFT = (buttons.SEND, buttons.DROP_CONFIRMED)

PRESSES = [press for press in vars(buttons).values() if isinstance(press, Press)]
USUAL = ["4 свечи", "2 колодки SKF, помпа", "не помпу, а термостат", "нет, две", "на белую мазду срочно", "спасибо"]
USUAL += ["рычаг левый", "как в прошлый раз", "в цех", "клиент ждёт", "4 л масла 5w30; חצי ליטר שמן"]
USUAL += [
    "колодки",
    "Передние колодки",
    "רפידות",
    "front pads",
    "болт М8",
    "Присадка для топлива",
    "срочно",
    "<b>&</b>",
]
CARS = ["12345678", "12-345-67", "А123ВС77", "123", "1M8GDM9AXKP042788", "1M8GDM9AXKPO42788", "WVGZZZ5NZEW069297"]
ODD = ["2", "7", "0", "1000", "болт\nгайка\nfront pads", "\u202e", "🧨" * 200, "x" * 2000]
LONG_LIST = "\n".join(f"деталь {n}" for n in range(48))
COMMANDS = ["/start", "/new", "/orders", "/language", "/help", "/cancel", "/frobnicate", "/start x"]

anything = st.text(st.characters(exclude_categories=()), min_size=1, max_size=300)
texts = st.one_of(st.sampled_from([*USUAL, *CARS]), st.sampled_from([*ODD, LONG_LIST, *COMMANDS]), anything)
dice = st.integers(0, 10**6)


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

    @rule(which=dice, text=texts)
    def correct(self, which: int, text: str) -> None:
        """A message that was typed, in Telegram."""
        typed = [source.message for source in self.seen.state.draft.sources] or [self.phone.written_last]
        message = {**self.phone._message(), "message_id": typed[which % len(typed)], "edit_date": 1, "text": text}
        self._receive({"edited_message": message})

    @rule(which=dice, text=texts)
    def reply(self, which: int, text: str) -> None:
        """To whatever was said, by either side."""
        shown = [message.id for message in self.phone.visible()] or [self.phone.written_last]
        self.phone.deliver_at_once = False
        to = {"message_id": shown[which % len(shown)], "date": 0, "chat": self.phone._chat()}
        self._receive({"message": {**self.phone._message(), "text": text, "reply_to_message": to}})

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
                        session,
                        acts(self.rina),
                        order.id,
                        chosen,
                        expected_version=order.version,
                        reason="x" * 300,
                        day_unknown=True,
                    )
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
            elif "edited_message" not in update:
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


@pytest.mark.timeout(6 * 3600 if SOAK else 900)  # to make a failing sequence short takes longer than to find it
def test_no_sequence_of_events_gets_stuck_loses_a_line_or_raises(stocked_template: Path, tmp_path: Path) -> None:
    Ordering.station = Station(stocked_station(stocked_template, tmp_path), tmp_path / "machine.sqlite3")
    profile = settings(
        settings.get_profile("soak" if SOAK else "test"), max_examples=SEQUENCES, stateful_step_count=LENGTH
    )
    run_state_machine_as_test(Ordering, settings=profile)
    Ordering.station.dispose()
