"""The draft as a value: examples, and whatever sequence of events somebody may produce."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.chat.conversation import changes, drafts
from bot_daemon.chat.conversation.cars import read_car
from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal
from common.cars.identified import IdentifiedCar
from common.cars.vehicles import MAX_RAW
from common.database.models import Grade
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_WORDS

PADS = {"en": "Front brake pads", "ru": "Передние тормозные колодки"}


def drafted(outcome: Draft | Refusal) -> Draft:
    assert isinstance(outcome, Draft)
    return outcome


def test_a_part_becomes_a_line_with_quantity_one() -> None:
    draft = drafted(changes.add_part(Draft(), 7, PADS))
    assert draft.lines == (DraftLine(1, PADS, quantity=1, part_id=7),)
    assert draft.current == 1


def test_the_same_part_again_is_the_line_that_is_there() -> None:
    once = drafted(changes.add_part(Draft(), 7, PADS))
    assert changes.add_part(once, 7, PADS) == once


def test_the_same_words_again_are_the_line_that_is_there() -> None:
    once = drafted(changes.add_words(Draft(), "Трубка"))
    assert changes.add_words(once, "  трубка ") == once


def test_a_quantity_set_twice_is_set_once() -> None:
    draft = drafted(changes.add_part(Draft(), 7, PADS))
    twice = drafted(changes.set_quantity(draft, 1, 3))
    assert changes.set_quantity(twice, 1, 3) == twice
    assert twice.lines[0].quantity == 3


def test_quantity_zero_takes_the_line_out_and_asking_again_is_harmless() -> None:
    gone = drafted(changes.set_quantity(drafted(changes.add_part(Draft(), 7, PADS)), 1, 0))
    assert gone.lines == ()
    assert changes.set_quantity(gone, 1, 0) == gone


def test_what_was_taken_out_is_put_back_as_it_was() -> None:
    draft = drafted(changes.set_quantity(drafted(changes.add_part(Draft(), 7, PADS)), 1, 3))
    back = changes.put_back(drafted(changes.set_quantity(draft, 1, 0)))
    assert back == draft
    assert changes.put_back(draft) is Refusal.NOTHING_TO_PUT_BACK


def test_the_number_of_a_removed_line_is_never_used_again() -> None:
    gone = drafted(changes.set_quantity(drafted(changes.add_part(Draft(), 7, PADS)), 1, 0))
    again = drafted(changes.add_words(gone, "bolt"))
    assert again.lines[0].id == 2
    assert changes.set_quantity(again, 1, 5) is Refusal.LINE_GONE


def test_a_line_more_than_an_order_holds_is_refused() -> None:
    draft = Draft()
    for number in range(MAX_LINES):
        draft = drafted(changes.add_words(draft, f"bolt {number}"))
    assert changes.add_words(draft, "one more") is Refusal.TOO_MANY_LINES


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    assert changes.add_words(Draft(), "x" * (MAX_WORDS + 1)) is Refusal.WORDS_LONG
    assert changes.set_comment(Draft(), "x" * (MAX_COMMENT + 1)) is Refusal.COMMENT_LONG


def test_marks_of_direction_and_control_characters_are_dropped_from_what_is_typed() -> None:
    assert drafts.clean("a\u202eb\u2066c\x00 \n\ud800 d\u200b") == "abc d"


def test_words_that_show_nothing_are_no_line() -> None:
    for typed in ("", "  \n", "\u200b", "\u2069\u200d", "\x00"):
        assert changes.add_words(Draft(), typed) is Refusal.EMPTY


# Whatever somebody may do ---------------------------------------------------------------------------------------------

line_ids = st.integers(0, 8)
events = st.one_of(
    st.tuples(st.just("part"), st.integers(1, 6)),
    st.tuples(st.just("words"), st.text(max_size=MAX_WORDS + 20)),
    st.tuples(st.just("quantity"), line_ids, st.integers(-2, MAX_QUANTITY + 2)),
    st.tuples(st.just("choose"), line_ids),
    st.tuples(st.just("grade"), line_ids, st.sampled_from(Grade)),
    st.tuples(st.just("plate"), st.text(max_size=30)),
    st.tuples(st.just("comment"), st.text(max_size=MAX_COMMENT + 20)),
)


def happen(draft: Draft, event: tuple[object, ...]) -> Draft | Refusal:
    match event:
        case "part", int(part):
            return changes.add_part(draft, part, {"en": f"part {part}"})
        case "words", str(text):
            return changes.add_words(draft, text)
        case "quantity", int(line), int(quantity):
            return changes.set_quantity(draft, line, quantity)
        case "choose", int(line):
            return changes.select_line(draft, line)
        case "grade", int(line), Grade() as grade:
            return changes.set_grade(draft, line, grade)
        case "plate", str(text):
            car = read_car(text)
            return changes.set_car(draft, car.raw) if isinstance(car, IdentifiedCar) else car
        case "comment", str(text):
            return changes.set_comment(draft, text)
    raise AssertionError(event)


def test_a_draft_of_an_older_program_is_read() -> None:
    """Before there were typed words, candidates, photos, additives and doubts."""
    line = {"id": 4, "words": {"ru": "Колодки"}, "quantity": 2, "part_id": 7, "grade": "original"}
    older = {"lines": [line], "plate": "1234567", "comment": "", "current": 4, "next_id": 5}
    assert drafts.from_stored({}) == Draft()
    assert drafts.from_stored(older) == Draft(
        (DraftLine(4, {"ru": "Колодки"}, 2, 7, Grade.ORIGINAL),), plate="1234567", current=4, next_id=5
    )


def test_what_is_stored_of_a_draft() -> None:
    draft = Draft((DraftLine(4, {"": "oil"}, typed="oli", candidates=(1, 2)),), current=4, next_id=5)
    stored = json.loads(json.dumps(drafts.to_stored(draft)))
    assert stored.pop("lines") == [
        {
            "id": 4,
            "words": {"": "oil"},
            "quantity": 1,
            "part_id": None,
            "grade": "any",
            "typed": "oli",
            "candidates": [1, 2],
            "shows": 0,
            "additive": False,
            "unit": "pcs",
            "rest": "",
            "beside": "",
            "note": "",
            "counted": False,
            "quantity_said": False,
            "message": 0,
        }
    ]
    lists: dict[str, object] = {"other_cars": [], "sources": [], "long_texts": [], "removed": [], "sent": []}
    car = {"assumed": False, "without_number": None, "car_remark": "", "car_words": ""}
    more = {"plate": "", "comment": "", "current": 4, "next_id": 5, "doubt": "", "additives": "", "urgent": False}
    assert stored == lists | car | more


@given(st.lists(events, max_size=60))
def test_no_sequence_of_events_breaks_a_draft(sequence: list[tuple[object, ...]]) -> None:
    """It never raises, loses no line unasked, stays within an order's limits, and survives being stored."""
    draft = Draft()
    for event in sequence:
        outcome = happen(draft, event)
        after = draft if isinstance(outcome, Refusal) else outcome
        lost = {line.id for line in draft.lines} - {line.id for line in after.lines}
        assert lost <= ({event[1]} if event[0] == "quantity" and event[2] == 0 else set())
        draft = after
        assert within_limits(draft)
        assert drafts.from_stored(json.loads(json.dumps(drafts.to_stored(draft)))) == draft


def within_limits(draft: Draft) -> bool:
    ids = [line.id for line in draft.lines]
    words = [text for line in draft.lines for text in line.words.values()]
    return (
        len(draft.lines) <= MAX_LINES
        and all(1 <= line.quantity <= MAX_QUANTITY for line in draft.lines)
        and all(0 < len(text) <= MAX_WORDS for text in words)
        and len(draft.comment) <= MAX_COMMENT
        and len(draft.plate) <= MAX_RAW
        and len(set(ids)) == len(ids)
        and all(line_id < draft.next_id for line_id in ids)
        and (draft.current in ids) == bool(ids)
    )


@given(st.lists(events, max_size=30), st.randoms(use_true_random=False))
def test_an_event_that_happens_twice_is_as_good_as_once(sequence: list[tuple[object, ...]], random: object) -> None:
    draft = Draft()
    for event in sequence:
        once = happen(draft, event)
        if isinstance(once, Draft):
            assert happen(once, event) == once
            draft = once


@pytest.mark.parametrize("words", [["no", "names"], None, {"ru": 5}, "filter"])
def test_a_draft_that_could_not_be_read_again_is_not_stored(words: object) -> None:
    """Its owner could open no draft any more. The step raises instead and changes nothing."""
    broken = Draft(lines=(DraftLine(1, cast(Mapping[str, str], words)),))

    with pytest.raises(msgspec.ValidationError):
        drafts.to_stored(broken)
