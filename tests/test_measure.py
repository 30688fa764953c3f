"""The count of `make check` finds what exceeds a limit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import measure
from tests.measure import MOST_LINES, MOST_MODULES, Measure, Source

LONG = "def f():\n" + "    pass\n" * 20
TOO_MUCH = [
    (measure.modules_in_a_package, [Source(f"common/room/m{n}.py", "") for n in range(MOST_MODULES + 1)]),
    (measure.lines_of_a_module, [Source("common/m.py", "\n" * (MOST_LINES + 1))]),
    (measure.lines_of_a_module, [Source("common/m.py", ""), Source("tests/test_m.py", "\n" * (MOST_LINES + 1))]),
    (measure.lines_of_a_function, [Source("common/m.py", LONG), Source("common/n.py", LONG)]),
    (measure.namesakes, [Source(f"{room}/m.py", "class Twin: ...\n") for room in ("common", "webapp")]),
    (measure.loosened_types, [Source("common/m.py", "Any\n" * (measure.ANYS + 1))]),
    (measure.loosened_types, [Source("common/m.py", "x  # type: ignore\n" * (measure.IGNORES + 1))]),
]


@pytest.mark.parametrize(("count", "sources"), TOO_MUCH, ids=lambda value: getattr(value, "__name__", ""))
def test_what_exceeds_a_limit_is_named(
    count: Callable[[list[Source]], Measure], sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "NAMESAKES", {})
    assert len(count(sources).wrong) == 1


def test_a_migration_is_as_long_as_it_has_to_be() -> None:
    written = Source("common/database/migrations/versions/0001_first.py", "\n" * 1000)
    assert measure.lines_of_a_module([written, Source("common/m.py", "")]).wrong == []
