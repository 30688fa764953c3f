"""The pages of people and catalogue: accessible, mirrored, nothing cut, nothing sideways."""

from __future__ import annotations

import pytest

from common.catalogue import catalogue, parts
from common.database.models import OrderLine
from common.spreadsheets import table_reader
from tests.browser.conftest import Desk
from tests.browser.looks.looking import ALL, SIZES, crooked
from tests.support.cast import AVI, DIMA, NOA, RINA, acts
from tests.support.catalogue_files import looked_through
from tests.support.chromium import violations
from tests.webapp.desks import line, place

pytestmark = pytest.mark.browser

SEEN = [("he", "phone", "dark"), ("ru", "counter", "light")]  # the others: make soak
LOOKS = [pytest.param(*look, id="-".join(look), marks=[] if look in SEEN else [pytest.mark.soak]) for look in ALL]
FILE = "category_code,category_ru,part_ru,part_en\nbody,,Зеркало левое с подогревом,\n,,,\nno,,Фара,\n"


def furnish(desk: Desk) -> list[str]:
    """A catalogue with gaps, long names and history, an import, orders. Returns the pages to look at."""
    order = place(desk.database, desk.people[DIMA.name], line("прокладка клапанной крышки"), line("зеркало"))
    with desk.database.write() as session:
        catalogue.load(session)
        avi, category = acts(desk.people[AVI.name]), catalogue.categories(session)[0]
        names = {"ru": "Датчик износа задних колодок, с разъёмом и кронштейном", "en": "Sensor"}
        part = parts.add(session, avi, category_id=category.id, names=names, synonyms=["ДИК", "WEAR"])
        given = {"category_id": category.id, "names": {**names, "en": "Wear sensor"}, "flags": ["front_rear"]}
        parts.change(session, avi, part.id, expected_version=1, synonyms=["חיישן"], **given)  # type: ignore[arg-type]
        parts.archive(session, avi, parts.add(session, avi, category_id=category.id, names={"en": "Old"}).id)
        kept = looked_through(session, avi, table_reader.read(FILE.encode()), "список запчастей.csv")
        first = session.get_one(OrderLine, order.lines[0].id)
    return [
        f"/catalogue?category={category.id}",
        "/catalogue?lacks=he",
        f"/catalogue/parts/{part.id}",
        f"/catalogue/parts/{part.id}/merge?into=1",
        f"/catalogue/lines/{first.id}",
        "/catalogue/categories",
        "/catalogue/import",
        f"/catalogue/import/{kept.id}",
        "/audit",
        "/people?q=x",
        f"/people/{desk.people[RINA.name].id}",
        f"/people/{desk.people[NOA.name].id}",
        "/people/roles",
        "/account",
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "size", "theme"), LOOKS)
def test_people_and_catalogue_are_accessible_and_fit(desk: Desk, language: str, size: str, theme: str) -> None:
    width, height = SIZES[size]
    window = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    pages = furnish(desk)
    page = desk.visit(AVI, pages[0], language, **window)
    wrong = violations(page) + crooked(page, language)
    for path in pages[1:]:
        page.goto(desk.url + path)
        wrong += violations(page) + crooked(page, language)
    stranger = desk.visit(None, "/login", language, **window)
    stranger.locator(".by-link summary").click()
    stranger.fill("#link-username", "nobody")
    wrong += violations(stranger) + crooked(stranger, language)
    stranger.locator(".by-link form button").click()
    stranger.wait_for_selector("section.panel h1")
    wrong += violations(stranger) + crooked(stranger, language)
    assert wrong == []
