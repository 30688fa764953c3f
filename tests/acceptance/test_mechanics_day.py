"""A mechanic's whole day through real processes, with the daemon killed between every two of its twelve steps.

One thumb, gloves, one language; the desk answers in another. Russian in `make test`, Hebrew too in `make soak`.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from common.catalogue import favourites
from common.database.models import Grade, LineState, Order, Person
from sandbox.client import Json
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic, buttons, plain
from tests.acceptance.mechanics_day import PADS, STARRED, Day, unreachable
from tests.support.cast import CHARLIE, DIMA, NOA, PASSWORD, RINA, Member, hire
from tests.support.days import tomorrow
from tests.support.pictures import picture, voice
from tests.support.waiting import eventually

PROMISED = 2.0 * 5  # seconds; an answer is in the order within two
PLATE = "123-45-678"
READY = "%(order)s is ready. Pick it up from the storekeeper."


@pytest.mark.parametrize("member", [DIMA, pytest.param(NOA, marks=pytest.mark.soak)], ids=["ru", "he"])
@pytest.mark.timeout(400)
def test_a_mechanics_day_with_a_kill_between_every_two_steps(
    open_station: OpenStation, database_url: str, member: Member
) -> None:
    here = open_station(database_url)
    _, daemon = here.open()
    hire(here.database, RINA, password=PASSWORD)
    day = Day(here, daemon, Mechanic(here.sandbox, member), Desk(here.web_port))
    day.desk.sign_in()
    for number, step in enumerate(STEPS):
        if number:
            day.night()
        step(day)


def joins(day: Day) -> None:
    """An invitation is good once, and the bot speaks the person's language."""
    code = day.here.invite(day.mechanic.member.name)
    day.mechanic.appear()
    day.mechanic.open_link(code)
    day.mechanic.press_data(f"language:{day.mechanic.member.language}")
    home = day.mechanic.sees("%(name)s, what does the car need?", name=day.mechanic.member.name)
    labels = " ".join(plain(button["text"]) for button in buttons(home))
    assert all(day.mechanic.in_words(text) in labels for text in ("New order", "My orders", "Help"))

    other = Mechanic(day.here.sandbox, CHARLIE)
    other.appear()
    other.open_link(code)
    other.sees("This invitation has been used already: it lets in one person. Ask your manager for one of your own.")


def opens_a_new_order(day: Day) -> None:
    """What they like comes first, then the categories, then "just type"."""
    with day.here.database.write() as session:
        person = session.scalars(select(Person).where(Person.telegram_id == day.mechanic.id)).one()
        favourites.star(session, person.id, day.part(STARRED).id)
    day.mechanic.press("New order")
    screen = day.mechanic.sees(
        "Tap a part or a category, or just type what you need. A photo or a voice note will do, too."
    )
    pressed = [button["data"].split(":")[2] for button in buttons(screen) if button["data"].startswith("d:")]
    assert pressed.index("part") < pressed.index("category")


def types_a_part(day: Day) -> None:
    """At most six matches; the one that is tapped is a line: one of it, of any grade."""
    day.mechanic.write(day.said["pads"])
    screen = day.mechanic.sees("Which one is it?")
    matches = [button for button in buttons(screen) if ":is:" in button["data"]]
    assert 2 <= len(matches) <= 6
    day.mechanic.press_data(f":is:{day.part(PADS).id}")
    day.mechanic.press_data(":line:1")
    line = day.mechanic.shown(lambda m: is_chosen(m, ":grade:any"), "the line")
    assert day.part(PADS).names[day.mechanic.member.language] in plain(line["text"])
    assert is_chosen(line, ":grade:any")


def is_chosen(message: Json, end: str) -> bool:
    """Whether the button whose data ends so bears the mark of what is chosen."""
    return any(button["data"].endswith(end) and plain(button["text"]).startswith("✓") for button in buttons(message))


def sets_quantity_and_grade_of_one_line(day: Day) -> None:
    """The other line, which no catalogue knows, goes as written and keeps a grade of its own."""
    day.mechanic.press_data(":quantity:2")
    day.mechanic.press_data(":grade:original")
    day.mechanic.press_data(":summary:0")
    day.mechanic.sees("Check the order")
    day.mechanic.write(day.said["unlisted"])
    day.mechanic.press_data(":line:2")
    day.mechanic.sees("Not in the catalogue: sent as written.")
    day.mechanic.press_data(":grade:aftermarket")
    day.mechanic.shown(lambda m: is_chosen(m, ":grade:aftermarket"), "the grade that was tapped")


def sends_a_photo_and_a_voice_note(day: Day) -> None:
    """They belong to the order that is being written, and the bot says so in one line."""
    day.mechanic.box.send_file(day.mechanic.id, "photo", picture(), content_type="image/jpeg")
    day.mechanic.sees("Got it: it goes with %(words)s.", words=day.said["unlisted"])
    day.mechanic.box.send_file(day.mechanic.id, "voice", voice(), content_type="audio/ogg", duration=8)
    eventually(lambda: len(day.kept()) == 2, 30, "photo and voice note are kept")


def names_the_car(day: Day) -> None:
    """A short plate is told and may be used anyway; the real one is shown as people read it."""
    day.mechanic.press_data(":summary:0")
    day.mechanic.press_data(":next")
    day.mechanic.shown(lambda m: "🚗" in m["text"], "the question for the car")  # else 123 is how many
    day.mechanic.write("123")
    day.mechanic.shown(lambda m: any(":use-car:" in button["data"] for button in buttons(m)), "a button that uses it")
    day.mechanic.write("12345678")
    day.mechanic.reads("123-45-678", day.said["unlisted"])


def looks_it_over_after_the_restart(day: Day) -> None:
    """The old message goes on where it was: nothing is lost."""
    screen = day.mechanic.sees("Check the order")
    text = plain(screen["text"])
    assert f"2 × {day.part(PADS).names[day.mechanic.member.language]}" in text
    assert day.mechanic.in_words("Grades: mixed") in text


def confirms_with_two_taps(day: Day) -> None:
    """Exactly one order, with its number and its place in the queue."""
    day.mechanic.send_twice()
    (day.number,) = eventually(lambda: day.desk.column("new"), PROMISED, "the order is on the board")
    day.settled()
    assert day.mechanic.in_words("It is the next one.") in plain(day.card()["text"])
    assert [(line.quantity, line.grade) for line in day.order().lines] == [(2, Grade.ORIGINAL), (1, Grade.AFTERMARKET)]
    with day.here.database.read() as session:
        assert len(session.scalars(select(Order)).all()) == 1
    assert {media.order_id for media in day.kept()} == {day.number}


def is_served_and_asked(day: Day) -> None:
    """A line that is ordered edits the card and nothing else; a question rings, and a word answers it."""
    before = len(day.from_bot())
    day.desk.move(day.number, "take")
    changes_a_line(day, 0, LineState.ORDERED, tomorrow())
    day.settled()
    eventually(lambda: RINA.name in plain(day.card()["text"]), PROMISED, "the card names who serves it")
    assert "🚚" in day.card()["text"]
    assert len(day.from_bot()) == before

    page = day.desk.get(f"/orders/{day.number}")
    day.desk.submit(page.form(question=""), question=day.said["asks"], kind="side")
    ring = day.mechanic.shown(lambda m: day.said["asks"] in plain(m["text"]) and is_notice(m), "a question")
    assert [button["data"].split(":")[-1] for button in buttons(ring)] == ["left", "right", "both"]
    day.mechanic.write(day.said["answer"])
    eventually(lambda: day.facts("question.answered"), PROMISED, "the answer is in the order")
    assert day.said["answer"] in day.desk.get(f"/orders/{day.number}").text


def changes_a_line(day: Day, place: int, state: LineState, expected: date | None = None) -> None:
    line = day.line(place)
    fields = {"version": str(day.order().version), "state": state.value}
    answer = day.desk.post(
        f"/orders/{day.number}/lines/{line.id}", fields | ({"expected_on": expected.isoformat()} if expected else {})
    )
    assert answer.status == 303, answer.status


def is_notice(message: Json) -> bool:
    return not plain(message["text"]).split("\n")[0].count(" · ")


def accepts_a_substitute(day: Day) -> None:
    """One tap; the card and the timeline say so, with the name."""
    line = day.line(1)
    page = day.desk.post(
        f"/orders/{day.number}/lines/{line.id}/substitute",
        {"version": str(day.order().version), "substitute": "Gates 4PK"},
    )
    assert page.status == 303, page.status
    day.mechanic.shown(lambda m: "Gates 4PK" in plain(m["text"]) and is_notice(m), "a substitute")
    day.mechanic.press_data(":accept")
    (accepted,) = eventually(lambda: day.facts("substitute.accepted"), PROMISED, "the substitute is accepted")
    day.settled()
    assert "Gates 4PK" in plain(day.card()["text"])
    assert "Gates 4PK" in day.desk.get(f"/orders/{day.number}").text
    assert accepted.actor_id == day.order().person_id


def is_collected_by_somebody_else(day: Day) -> None:
    """Ready rings once; whoever collects it says the code; the card ends without buttons."""
    day.desk.move(day.number, "ready")
    ring = day.mechanic.sees(
        READY, order=f"{day.mechanic.in_words('Order %(number)s', number=day.number)} (123-45-678)"
    )
    assert {button["data"].split(":")[-1] for button in buttons(ring)} >= {"coming", "later"}
    day.mechanic.press_data(f"o:{day.number}:coming")
    eventually(lambda: day.facts("pickup.coming"), PROMISED, "the desk sees that they come")
    day.mechanic.press_data(f"o:{day.number}:code")
    code = eventually(lambda: day.order().pickup_code, PROMISED, "a code")
    day.settled()
    assert code in plain(day.card()["text"])
    fields = {"move": "issue", "version": str(day.order().version), "collector": "Sasha"}
    assert (
        day.desk.post(f"/orders/{day.number}/moves", {**fields, "code": "000" if code != "000" else "001"}).status
        == 400
    )
    answer = day.desk.post(f"/orders/{day.number}/moves", {**fields, "code": code})
    assert answer.status == 303, answer.status
    day.settled()
    assert "Sasha" in plain(day.card()["text"])
    assert buttons(day.card()) == []
    late = day.mechanic.box.press(day.mechanic.id, day.card()["message_id"], data=f"o:{day.number}:coming", stale=True)
    toast = eventually(lambda: day.mechanic.box.answers(late["callback_query_id"]).get("text"), PROMISED, "a toast")
    assert toast


def blocks_and_comes_back(day: Day) -> None:
    """While they block the bot every notice says so; afterwards the present state comes once, not all of the past."""
    page = day.desk.get(f"/orders/{day.number}")
    day.desk.submit(page.form(move="reopen"), reason="wrong side")
    day.settled()
    day.mechanic.box.block(day.mechanic.id)
    eventually(lambda: unreachable(day), PROMISED, "the block is noticed")
    day.desk.move(day.number, "ready")
    day.desk.submit(day.desk.get(f"/orders/{day.number}").form(move="reopen"), reason="again")
    day.desk.move(day.number, "ready")
    day.settled()
    before = {m["message_id"] for m in day.from_bot()}
    day.mechanic.box.unblock(day.mechanic.id)
    day.mechanic.box.start(day.mechanic.id)
    day.mechanic.sees("%(name)s, what does the car need?", name=day.mechanic.member.name)
    day.settled()
    name = day.mechanic.in_words("Order %(number)s", number=day.number)
    new = [m for m in day.from_bot() if m["message_id"] not in before]
    fresh = [m for m in new if plain(m["text"]).startswith(f"{name} · ")]
    assert len(fresh) == 1
    assert not any(f"({PLATE})" in plain(m["text"]) for m in new), "a notice of the past"
    assert day.mechanic.in_words("Ready") in plain(fresh[0]["text"])


STEPS = (
    joins,
    opens_a_new_order,
    types_a_part,
    sets_quantity_and_grade_of_one_line,
    sends_a_photo_and_a_voice_note,
    names_the_car,
    looks_it_over_after_the_restart,
    confirms_with_two_taps,
    is_served_and_asked,
    accepts_a_substitute,
    is_collected_by_somebody_else,
    blocks_and_comes_back,
)
