"""Parts and categories, changed by service functions, on both databases."""

from __future__ import annotations

import pytest

from common import audit
from common.catalogue import catalogue, categories, naming, part_list, parts
from common.catalogue.part_list import PartSearch
from common.database.engine import Database
from common.database.models import Role, Via
from common.errors import Forbidden, InvalidInput, StaleVersion
from common.permissions import Actor
from tests.support.seed import SMALL

HOST = Actor(None, Role.MANAGER, Via.COMMAND)


def test_every_change_is_another_version_and_the_audit_knows_which(any_database: Database) -> None:
    with any_database.write() as session:
        category = categories.add(session, HOST, names={"ru": "Кузов"})
        part = parts.add(session, HOST, category_id=category.id, names={"he": "מראה"}, synonyms=["Mirror", "mirror "])
        assert (part.version, part.synonyms, part.code, category.code) == (1, ["Mirror"], "part", "category")
        wanted = {"category_id": category.id, "names": {"he": "מראה", "en": "Mirror"}, "synonyms": [], "flags": []}
        parts.change(session, HOST, part.id, expected_version=1, **wanted)  # type: ignore[arg-type]
        part.position = 7
        session.flush()
        assert part.version == 3
        with pytest.raises(StaleVersion):
            parts.change(session, HOST, part.id, expected_version=2, **wanted)  # type: ignore[arg-type]
        assert [entry.kind for entry in audit.since(session, "part", part.id, 1)] == ["part.changed"]
        assert audit.since(session, "part", part.id, 2) == []


def test_what_lacks_a_name_is_found_on_both_databases(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
        assert part_list.missing_name_counts(session) == {}
        category = catalogue.categories(session)[0]
        part = parts.add(session, HOST, category_id=category.id, names={"en": "Mirror"})
    with any_database.read() as session:
        assert part_list.missing_name_counts(session) == {"ru": 1, "he": 1}
        assert [p.id for p in part_list.find(session, PartSearch(lacks="he")).parts] == [part.id]
        first = part_list.find(session, PartSearch(), per_page=40)
        rest = part_list.find(session, PartSearch(after=first.next), per_page=40)
        assert len({p.id for p in (*first.parts, *rest.parts)}) == 61
        assert rest.next is None


def test_only_managers_change_the_catalogue(database: Database) -> None:
    with database.write() as session, pytest.raises(Forbidden):
        categories.add(session, Actor(None, Role.STOREKEEPER, Via.API), names={"en": "Body"})


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({}, "part_name_needed"),
        ({"ru": "!!"}, "part_name_needed"),
        ({"en": "x" * 121}, "name_long"),
        ({"en": "a\u202eb"}, "not_printable"),
    ],
)
def test_what_is_no_name_is_refused(names: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        naming.clean_names(names)
    assert refused.value.code == code


def test_other_words_are_sorted_by_their_letters() -> None:
    assert naming.by_language(["ДМРВ", "MAF", "מד זרימה", "фильтр H7"]) == {
        "ru": ["ДМРВ", "фильтр H7"],
        "he": ["מד זרימה"],
        "en": ["MAF"],
    }
