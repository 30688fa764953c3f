"""What the conversation asks the catalogue: within a budget of work, however much somebody writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from benchmarks.setting import large_catalogue
from bot_daemon.chat import lookup
from bot_daemon.chat.conversation.drafts import Draft
from common import i18n
from common.catalogue.catalogue import load
from common.catalogue.search_index import IndexEntry
from common.database.engine import Database
from common.database.models import Category, Part
from common.text.work_budget import WorkBudget
from common.understanding.catalogue_names import NAMES

PARTS = 5000
DEAREST_WORD = 150_000  # units: the budget is looked at before each word, so this much may be spent beyond it
WORST = large_catalogue.worst_messages()
SYLLABLES = [syllable for language in large_catalogue.SYLLABLES.values() for syllable in language]


@pytest.fixture(scope="module")
def entries() -> list[IndexEntry]:
    return large_catalogue.entries(PARTS)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, entries: list[IndexEntry]) -> Iterator[Session]:
    """A station with 5,000 parts, whose index is there."""
    from common.database import schema

    database = Database(f"sqlite:///{tmp_path_factory.mktemp('large') / 'large.sqlite3'}", synchronous="OFF")
    schema.migrate(database)
    with database.write() as session:
        session.add(Category(id=1, code="all", icon="", names={"en": "All"}, position=1))
        session.flush()
        session.execute(
            insert(Part),
            [
                {
                    "id": entry.part_id,
                    "category_id": 1,
                    "code": f"p{entry.part_id}",
                    "names": dict(entry.names),
                    "synonyms": list(entry.synonyms),
                    "flags": [],
                    "position": entry.part_id,
                }
                for entry in entries
            ],
        )
    with database.read() as session, i18n.use_language("ru"):
        NAMES.build(NAMES.read(session))
        yield session
    database.dispose()


@pytest.mark.parametrize("name", WORST)
def test_no_message_costs_more_than_its_budget(large: Session, name: str) -> None:
    budget = WorkBudget(lookup.MOST_WORK)
    found = lookup.read_text(large, "\n".join(WORST[name]), Draft(), budget)

    assert budget.spent <= lookup.MOST_WORK + DEAREST_WORD
    assert found.reading.tokens


@settings(max_examples=15)  # each is a message of up to thirty lines in 5,000 parts
@given(
    st.lists(
        st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6).map("".join), max_size=14).map(" ".join),
        max_size=30,
    )
)
def test_no_message_that_chance_makes_costs_more_than_its_budget(large: Session, lines: list[str]) -> None:
    budget = WorkBudget(lookup.MOST_WORK)
    lookup.read_text(large, "\n".join(lines), Draft(), budget)

    assert budget.spent <= lookup.MOST_WORK + DEAREST_WORD


def test_a_mechanics_message_is_looked_up_to_its_end(large: Session, entries: list[IndexEntry]) -> None:
    named = [entry.names["ru"] for entry in entries[:: PARTS // 15]][:15]
    slips = ["перидние калодки", "маслянный фылтр", "амартизатор", "рычяг падвески", "тирмостат"]
    found = lookup.read_text(large, "\n".join([*named, *slips]), Draft())

    assert not found.is_cut
    assert all(line.parts for line in found.reading.lines[:15])


def test_of_a_text_beyond_the_budget_all_words_are_kept(large: Session) -> None:
    found = lookup.read_text(large, "перидние калодки, маслянный фылтр", Draft(), WorkBudget(1))

    assert found.is_cut
    assert [line.words for line in found.reading.lines] == ["перидние калодки, маслянный фылтр"]


def test_the_statements_do_not_grow_with_the_lines(large: Session) -> None:
    seen: list[str] = []
    engine = large.get_bind().engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    lookup.read_text(large, "передние колодки\nмасляный фильтр\n" * 10, Draft())

    assert len(seen) <= 2, "one look at the catalogue's state, one for the parts"


def test_a_text_is_read_with_the_catalogue_as_it_is_now(database: Database) -> None:
    with database.write() as session:
        load(session)
    with database.read() as session, i18n.use_language("ru"):
        assert lookup.orders_something(session, "Термостат")
        assert not lookup.orders_something(session, "завтра в 9")
