"""What was written by hand becomes a part, and two parts become one, on both databases: nothing of an order is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.catalogue import catalogue, categories, favourites, handwritten, part_merge, parts, search
from common.database.engine import Database
from common.database.models import OrderLine, Part, Person, Role, Via
from common.errors import InvalidInput, StaleVersion
from common.orders import placing
from common.orders.placing import WantedLine
from common.permissions import Actor
from tests.support.cast import DIMA, NOA, acts, hire

HOST = Actor(None, Role.MANAGER, Via.COMMAND)


def order(database: Database, person: Person, *lines: WantedLine) -> list[OrderLine]:
    with database.write() as session:
        placed, _new = placing.place_order(
            session,
            key=f"{person.name}-{lines[0].words}",
            person=session.get_one(Person, person.id),
            lines=lines,
            actor=acts(person),
            comment="no car",
        )
        return list(placed.lines)


def shelf(database: Database, *names: dict[str, str]) -> list[Part]:
    """A category with these parts."""
    with database.write() as session:
        category = categories.add(session, HOST, names={"en": "Body"})
        return [parts.add(session, HOST, category_id=category.id, names=each) for each in names]


def test_a_line_written_by_hand_becomes_a_part_with_those_that_say_the_same(any_database: Database) -> None:
    dima, noa = hire(any_database, DIMA), hire(any_database, NOA)
    shelf(any_database)
    mine = order(any_database, dima, WantedLine({"": "Зеркало  ЛЕВОЕ"}, 1), WantedLine({"": "фара"}, 1))
    theirs = order(any_database, noa, WantedLine({"": "левое зеркало"}, 2))
    with any_database.write() as session:
        category = catalogue.categories(session)[0]
        part = handwritten.make_part(
            session, HOST, mine[0].id, all_alike=True, category_id=category.id, names={"he": "מראה שמאל"}
        )
        assert part.synonyms == ["Зеркало ЛЕВОЕ"]
    with any_database.read() as session:
        linked = session.scalars(select(OrderLine.id).where(OrderLine.part_id == part.id).order_by(OrderLine.id))
        assert list(linked) == [mine[0].id, theirs[0].id]
        assert session.get_one(OrderLine, theirs[0].id).words == {"": "левое зеркало"}
        assert search.matches(session, "зеркало левое")[0].part_id == part.id
        with pytest.raises(InvalidInput, match="line_is_part"):
            handwritten.get_line(session, mine[0].id)


def test_a_line_is_a_part_that_is_there_already(database: Database) -> None:
    dima = hire(database, DIMA)
    [mirror] = shelf(database, {"en": "Mirror"})
    mine = order(database, dima, WantedLine({"": "зеркальце"}, 1))
    with database.write() as session:
        handwritten.link_to_part(session, HOST, mine[0].id, mirror.id, all_alike=False)
    with database.read() as session:
        assert session.get_one(OrderLine, mine[0].id).part_id == mirror.id
        assert session.get_one(Part, mirror.id).synonyms == ["зеркальце"]


def test_two_parts_become_one_and_orders_keep_their_words(any_database: Database) -> None:
    dima, noa = hire(any_database, DIMA), hire(any_database, NOA)
    stays, goes = shelf(any_database, {"en": "Mirror"}, {"en": "Looking glass", "ru": "Зеркало"})
    lines = order(any_database, dima, WantedLine(dict(goes.names), 1, goes.id))
    with any_database.write() as session:
        for person, part in ((dima, goes), (noa, goes), (noa, stays)):
            assert favourites.star(session, person.id, part.id)
        told = part_merge.plan_merge(session, goes.id, stays.id)
        assert (told.lines, told.stars, told.names, told.synonyms) == (1, 2, {"ru": "Зеркало"}, ["Looking glass"])
        part_merge.merge(session, HOST, goes.id, stays.id, expected=(goes.version, stays.version))
    with any_database.read() as session:
        line = session.get_one(OrderLine, lines[0].id)
        assert (line.part_id, line.words) == (stays.id, {"en": "Looking glass", "ru": "Зеркало"})
        assert [part.id for part in favourites.starred_parts(session, dima.id)] == [stays.id]
        assert [part.id for part in favourites.starred_parts(session, noa.id)] == [stays.id]
        assert session.get_one(Part, stays.id).names == {"en": "Mirror", "ru": "Зеркало"}
        live = catalogue.live_part(session, goes.id)
        assert live is not None
        assert live.id == stays.id
        assert search.matches(session, "looking glass")[0].part_id == stays.id


def test_what_was_merged_before_leads_to_the_one_that_stays(database: Database) -> None:
    first, second, third = shelf(database, {"en": "One"}, {"en": "Two"}, {"en": "Three"})
    with database.write() as session:
        part_merge.merge(session, HOST, first.id, second.id, expected=(1, 1))
        part_merge.merge(session, HOST, second.id, third.id, expected=(2, 1))
    with database.read() as session:
        live = catalogue.live_part(session, first.id)
        assert live is not None
        assert live.id == third.id


def test_what_cannot_be_merged(database: Database) -> None:
    stays, goes = shelf(database, {"en": "Mirror"}, {"en": "Glass"})
    with database.write() as session:
        with pytest.raises(InvalidInput, match="merge_itself"):
            part_merge.plan_merge(session, goes.id, goes.id)
        with pytest.raises(StaleVersion):
            part_merge.merge(session, HOST, goes.id, stays.id, expected=(1, 7))
        part_merge.merge(session, HOST, goes.id, stays.id, expected=(1, 1))
        with pytest.raises(InvalidInput, match="merged"):
            part_merge.plan_merge(session, goes.id, stays.id)
        with pytest.raises(InvalidInput, match="merged"):
            parts.restore(session, HOST, goes.id)
        with pytest.raises(InvalidInput, match="part_archived"):
            part_merge.plan_merge(session, stays.id, goes.id)
