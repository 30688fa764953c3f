"""What the desk's settings mean for its front."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from webapp.server.worker import limits_of


@pytest.mark.parametrize(
    ("settings", "behind_proxies"),
    [({}, False), ({"TRUSTED_PROXIES": "1"}, True), ({"PUBLIC_URL": "https://felix.example.org"}, True)],
)
def test_the_desk_tells_its_front_that_proxies_stand_before_it(
    make_app: Callable[..., Flask], settings: dict[str, str], behind_proxies: bool
) -> None:
    limits = limits_of(make_app(**settings), connections=7)
    assert (limits.behind_proxies, limits.connections) == (behind_proxies, 7)
