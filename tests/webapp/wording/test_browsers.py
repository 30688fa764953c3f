"""What people call their browsers."""

from __future__ import annotations

import pytest

from webapp.wording.browsers import browser_name

MOZILLA = "Mozilla/5.0 "


@pytest.mark.parametrize(
    ("agent", "wanted"),
    [
        (
            MOZILLA + "(X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            MOZILLA + "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            MOZILLA + "(iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        (MOZILLA + "(Linux; Android 15; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        (MOZILLA + "(Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, macOS"),
        ("curl/8.5", "curl/8.5"),
        ("x" * 200, "x" * 40),
        ("", "unknown"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, wanted: str) -> None:
    assert browser_name(agent) == wanted
