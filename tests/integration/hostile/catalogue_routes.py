"""How the desk's routes of the catalogue answer."""

from __future__ import annotations

from tests.integration.hostile.cases import CLOSED_FORM, PAGE, Case, signed

CATALOGUE: dict[str, tuple[Case, ...]] = {
    "GET /catalogue": (
        *PAGE,
        signed("a category that is none", 200, "?category=x&lacks=xx&show=y"),
        signed("far away", 200, "?after=" + "9" * 40),
    ),
    "GET /catalogue/parts/new": PAGE,
    "POST /catalogue/parts": (*CLOSED_FORM, signed("no name", 400, body=b"name_ru=+&category=1")),
    "GET /catalogue/parts/<part_id>": (*PAGE, signed("none with this number", 404, "/catalogue/parts/999999")),
    "POST /catalogue/parts/<part_id>": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"name_ru=x&category=1"),
        signed("a stale version", 409, body=b"name_ru=x&category=1&version=7"),
        signed("none with this number", 404, "/catalogue/parts/999999", b"name_ru=x&category=1&version=1"),
    ),
    "POST /catalogue/parts/<part_id>/archive": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/parts/999999/archive"),
    ),
    "POST /catalogue/parts/<part_id>/restore": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/parts/999999/restore"),
    ),
    "POST /catalogue/parts/<part_id>/place": (*CLOSED_FORM, signed("before nothing", 400, body=b"before=999999")),
    "GET /catalogue/parts/<part_id>/merge": (
        *PAGE,
        signed("into itself", 400, "/catalogue/parts/1/merge?into=1"),
        signed("into none", 404, "/catalogue/parts/1/merge?into=999999"),
    ),
    "POST /catalogue/parts/<part_id>/merge": (
        *CLOSED_FORM,
        signed("into nothing", 400, body=b""),
        signed("a stale version", 409, body=b"into=2&version=7&into_version=7"),
    ),
    "GET /catalogue/lines/<line_id>": (*PAGE, signed("no such line", 404, "/catalogue/lines/999999")),
    "POST /catalogue/lines/<line_id>": (
        *CLOSED_FORM,
        signed("no category", 400, body=b"name_ru=x"),
        signed("no such line", 404, "/catalogue/lines/999999", b"name_ru=x&category=1"),
    ),
    "POST /catalogue/lines/<line_id>/link": (
        *CLOSED_FORM,
        signed("to no part", 404, body=b"part=999999"),
        signed("no such line", 404, "/catalogue/lines/999999/link", b"part=1"),
    ),
    "GET /catalogue/export.csv": PAGE,
    "GET /catalogue/export.xlsx": PAGE,
    "GET /catalogue/import": PAGE,
    "POST /catalogue/import": (*CLOSED_FORM, signed("no file", 400, body=b"")),
    "GET /catalogue/import/<import_id>": (*PAGE, signed("no such", 404, "/catalogue/import/999999")),
    "POST /catalogue/import/<import_id>": (*CLOSED_FORM, signed("no such", 404, "/catalogue/import/999999")),
    "GET /catalogue/import/<import_id>/bad.csv": (*PAGE, signed("no such", 404, "/catalogue/import/999999/bad.csv")),
    "GET /catalogue/categories": PAGE,
    "POST /catalogue/categories": (*CLOSED_FORM, signed("no name", 400, body=b"name_ru=+")),
    "GET /catalogue/categories/<category_id>": (*PAGE, signed("no such", 404, "/catalogue/categories/999999")),
    "POST /catalogue/categories/<category_id>": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"name_ru=x"),
        signed("a stale version", 409, body=b"name_ru=x&version=7"),
    ),
    "POST /catalogue/categories/<category_id>/archive": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/categories/999999/archive"),
    ),
    "POST /catalogue/categories/<category_id>/restore": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/categories/999999/restore"),
    ),
    "POST /catalogue/categories/<category_id>/place": (
        *CLOSED_FORM,
        signed("before nothing", 400, body=b"before=999999"),
    ),
}
