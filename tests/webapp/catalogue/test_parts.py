"""The catalogue at the desk: found, changed by one of two, put in order, archived, brought back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from common.catalogue import catalogue, search
from common.database.engine import Database
from common.database.models import AuditEntry, Category, Part, Person
from common.languages import LANGUAGES, NAMES
from tests.support.seed import SMALL
from tests.webapp.visitor import Visitor


@pytest.fixture(autouse=True)
def loaded(database: Database) -> None:
    with database.write() as session:
        catalogue.load(session, SMALL)


def part_of(database: Database, code: str = "battery") -> Part:
    with database.read() as session:
        return session.scalars(select(Part).where(Part.code == code)).one()


def form(part: Part, **changed: str) -> dict[str, object]:
    """What the part's page would send."""
    names = {f"name_{code}": name for code, name in part.names.items()}
    return {
        **names,
        "synonyms_ru": "\n".join(part.synonyms),
        "category": str(part.category_id),
        "flags": part.flags,
        "version": str(part.version),
        **changed,
    }


def test_a_part_is_found_by_a_word_of_any_language(manager: Visitor) -> None:
    assert "Front brake pads" in manager.text("/catalogue?q=колодки передние")
    assert "Front brake pads" not in manager.text("/catalogue?q=battery")
    assert "Nothing here is like" in manager.text("/catalogue?q=qqqqqq")


def test_the_catalogue_comes_page_by_page_and_each_part_once(manager: Visitor, database: Database) -> None:
    seen: list[str] = []
    path = "/catalogue"
    while path:
        text = manager.text(path)
        seen += re.findall(r'id="part-(\d+)"', text)
        more = re.search(r'href="(/catalogue\?after=\d+)"', text)
        path = more[1] if more else ""
    assert len(seen) == len(set(seen)) == 60


def test_a_new_part_is_found_by_the_bot_at_once(manager: Visitor, database: Database) -> None:
    with database.read() as session:
        assert not any(match.exact for match in search.matches(session, "зеркало левое"))
    category = part_of(database).category_id
    answer = manager.post("/catalogue/parts", {"name_ru": "Зеркало левое", "name_en": "Mirror", "category": category})
    assert answer.status_code == 303
    with database.read() as session:
        found = search.matches(session, "зеркало левое")
        assert found[0].exact
        assert session.get_one(Part, found[0].part_id).code == "mirror"


def test_what_is_missing_is_said_and_what_was_typed_is_kept(manager: Visitor, database: Database) -> None:
    answer = manager.post("/catalogue/parts", {"name_ru": " ", "synonyms_he": "מראה", "category": "1"})
    assert answer.status_code == 400
    assert "Give it a name in one language at least." in answer.text
    assert "מראה" in answer.text
    assert manager.post("/catalogue/parts", {"name_ru": "x" * 121, "category": "1"}).status_code == 400
    assert manager.post("/catalogue/parts", {"name_ru": "Зеркало", "category": "99"}).status_code == 400


def test_of_two_who_change_a_part_one_wins_and_the_other_sees_what_changed(
    manager: Visitor, database: Database, avi: Person
) -> None:
    part = part_of(database)
    assert manager.post(f"/catalogue/parts/{part.id}", form(part, name_en="Accumulator")).status_code == 303
    late = manager.post(f"/catalogue/parts/{part.id}", form(part, name_en="Car battery"))
    assert late.status_code == 409
    assert "It changed while you were writing." in late.text
    assert "Accumulator" in late.text
    assert 'value="Car battery"' in late.text
    assert part_of(database).names["en"] == "Accumulator"
    again = manager.post(f"/catalogue/parts/{part.id}", form(part_of(database), name_en="Car battery"))
    assert again.status_code == 303
    assert part_of(database).names["en"] == "Car battery"


def test_saving_what_is_there_already_changes_and_records_nothing(manager: Visitor, database: Database) -> None:
    part = part_of(database)
    manager.post(f"/catalogue/parts/{part.id}", form(part))
    assert part_of(database).version == part.version
    with database.read() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_an_archived_part_is_not_offered_and_comes_back(manager: Visitor, database: Database) -> None:
    part = part_of(database)
    manager.post(f"/catalogue/parts/{part.id}/archive")
    assert "Battery" not in manager.text("/catalogue?q=battery")
    assert "Battery" in manager.text("/catalogue?show=archived&q=battery")
    with database.read() as session:
        assert catalogue.live_part(session, part.id) is None
    manager.post(f"/catalogue/parts/{part.id}/restore")
    assert "Battery" in manager.text("/catalogue?q=battery")


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_lacks_a_name_in_a_language_is_counted_and_shown(manager: Visitor, database: Database, code: str) -> None:
    assert "lacks a name" not in manager.text("/catalogue")
    part = part_of(database)
    manager.post(f"/catalogue/parts/{part.id}", form(part, **{f"name_{code}": ""}))
    assert f"1 part lacks a name: <bdi>{NAMES[code]}</bdi>" in manager.text("/catalogue")
    shown = manager.text(f"/catalogue?lacks={code}")
    assert re.findall(r'id="part-(\d+)"', shown) == [str(part.id)]


def test_parts_and_categories_are_put_in_order(manager: Visitor, database: Database, avi: Person) -> None:
    with database.read() as session:
        category = catalogue.categories(session)[0]
        first, second, *rest = [part.id for part in catalogue.parts_of(session, category.id)]
        other = catalogue.categories(session)[1]
    for _twice in range(2):
        manager.post(f"/catalogue/parts/{second}/place", {"before": str(first)})
        manager.post(f"/catalogue/categories/{other.id}/place", {"before": str(category.id)})
    with database.read() as session:
        assert [part.id for part in catalogue.parts_of(session, category.id)] == [second, first, *rest]
        assert [c.id for c in catalogue.categories(session)][:2] == [other.id, category.id]
        placed = session.scalars(select(AuditEntry.kind)).all()
    assert sorted(placed) == ["category.placed", "part.placed"]
    assert manager.post(f"/catalogue/parts/{second}/place", {"before": "99999"}).status_code == 400


def test_an_archived_category_takes_its_parts_with_it_and_brings_them_back(
    manager: Visitor, database: Database
) -> None:
    part = part_of(database)
    manager.post(f"/catalogue/categories/{part.category_id}/archive")
    with database.read() as session:
        assert catalogue.live_part(session, part.id) is None
    assert "archived" in manager.text("/catalogue/categories")
    manager.post(f"/catalogue/categories/{part.category_id}/restore")
    with database.read() as session:
        assert catalogue.live_part(session, part.id) is not None


def test_a_category_is_added_and_changed_by_one_of_two(manager: Visitor, database: Database) -> None:
    assert manager.post("/catalogue/categories", {"name_en": "Body", "icon": "🚗"}).status_code == 303
    with database.read() as session:
        body = session.scalars(select(Category).where(Category.code == "body")).one()
    change = {"name_en": "Bodywork", "icon": "🚙", "version": str(body.version)}
    assert manager.post(f"/catalogue/categories/{body.id}", change).status_code == 303
    late = manager.post(f"/catalogue/categories/{body.id}", {**change, "name_en": "Shell"})
    assert late.status_code == 409
    assert 'value="Shell"' in late.text
    assert "Bodywork" in late.text


def test_the_audit_says_who_changed_what(manager: Visitor, database: Database) -> None:
    part = part_of(database)
    manager.post(f"/catalogue/parts/{part.id}", form(part, name_en="Accumulator"))
    text = re.sub(r"<[^>]+>", "", manager.text("/audit?about=part"))
    assert "Avi changed the part Accumulator" in text
    assert re.search(r"Name \(English\).*Battery.*→.*Accumulator", text, re.DOTALL)
    assert "Accumulator" not in manager.text("/audit?about=person")


def test_the_form_holds_what_may_be_said_of_a_part(manager: Visitor, database: Database) -> None:
    part = part_of(database)
    said = {"unit": "l", "positions": ["rear"], "attributes": ["viscosity"], "button_en": "Batt"}
    answer = manager.post(f"/catalogue/parts/{part.id}", {**form(part), **said})
    assert answer.status_code == 303
    text = manager.text(f"/catalogue/parts/{part.id}")
    assert '<option value="l" selected>' in text
    assert 'name="positions" value="rear" checked' in text
    assert 'name="attributes" value="viscosity" checked' in text
    assert 'value="Batt"' in text
    told = re.sub(r"<[^>]+>", "", manager.text("/audit?about=part"))
    assert re.search(r"Unit of a number.*pieces.*→.*litres", told, re.DOTALL)
    assert re.search(r"Short name for a button \(English\).*→.*Batt", told, re.DOTALL)


def test_a_storekeeper_sees_the_catalogue_and_no_form(storekeeper: Visitor, database: Database) -> None:
    part = part_of(database)
    text = storekeeper.text(f"/catalogue/parts/{part.id}")
    assert "<form" in text
    assert f'action="/catalogue/parts/{part.id}"' not in text
    assert storekeeper.post(f"/catalogue/parts/{part.id}", form(part)).status_code == 403
    assert storekeeper.get("/audit").status_code == 403


def test_names_are_shown_as_they_are_and_run_nothing(manager: Visitor, database: Database) -> None:
    part = part_of(database)
    manager.post(f"/catalogue/parts/{part.id}", form(part, name_en="<script>alert(1)</script>"))
    for path in ("/catalogue?q=battery", f"/catalogue/parts/{part.id}", "/audit", "/catalogue/categories"):
        assert "<script>alert" not in manager.text(path)
