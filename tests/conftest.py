"""What every test gets: guards, databases, the cast, and how much of everything."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.guards",
    "tests.stations.databases",
    "tests.support.cast",
    "tests.support.chromium",
    "tests.stations.forkserver",
]

# Where tests with a browser are; `tests.suite` looks nowhere else.
BROWSER = ("tests/browser/", "tests/acceptance/", "tests/sandbox/chat_page/")
SOAK = os.environ.get("FELIX_SOAK") == "1"

# One seed in `make test`, so that it says the same thing twice; fresh seeds and many more examples in `make soak`.
_slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("test", max_examples=40, deadline=None, derandomize=True, suppress_health_check=_slow)
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=_slow)
settings.load_profile("soak" if SOAK else "test")


@pytest.fixture(scope="session")
def soak() -> bool:
    """Whether the full numbers are wanted (`make soak`)."""
    return SOAK


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often a fault is repeated: once in `make test`, 20 times in `make soak`."""
    return 20 if SOAK else 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Soak tests wait for `make soak`; browser tests come last (no async test can run after playwright's loop)."""
    for item in items:
        if item.get_closest_marker("browser") and not item.nodeid.startswith(BROWSER):
            raise pytest.UsageError(
                f"{item.nodeid} needs a browser: `tests.suite` looks for such tests in {BROWSER} only"
            )
        if not SOAK and item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="the full numbers: make soak"))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have measured (`record_property("measured", …)`), at the end of every run."""
    passed = [report for report in terminalreporter.stats.get("passed", []) if report.when == "call"]
    lines = [value for report in passed for name, value in report.user_properties if name == "measured"]
    if lines:
        terminalreporter.write_sep("-", "measured")
    for line in lines:
        terminalreporter.write_line(str(line))
