"""A pytest fixture for other projects: `pytest_plugins = ["sandbox.pytest_fixture"]`, then ask for `telegram`."""

from collections.abc import Iterator

import pytest

from sandbox.client import Sandbox
from sandbox.testing import running


@pytest.fixture
def telegram() -> Iterator[Sandbox]:
    """A separate emulator for the test, without limits, its delays ten times shorter."""
    with running(time_scale=0.1) as sandbox:
        yield sandbox
