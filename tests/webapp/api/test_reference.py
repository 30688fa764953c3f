"""The reference page says all that the document says, to everybody, under the desk's policy."""

from __future__ import annotations

import html
import re

import pytest

from tests.webapp.visitor import Visitor
from webapp.api.resources import ENDPOINTS
from webapp.web.headers import CONTENT_SECURITY_POLICY
from webapp.wording.problems import PROBLEM_TYPES


def test_it_tells_every_operation_with_an_example_to_copy(stranger: Visitor) -> None:
    page = html.unescape(stranger.text("/api/docs"))
    for endpoint in ENDPOINTS:
        assert f'id="{endpoint.name}"' in page
        assert endpoint.summary in page
    assert page.count("curl ") == len(ENDPOINTS) + 1
    assert all(kind.type in page for kind in PROBLEM_TYPES.values())


def test_every_link_on_it_leads_somewhere(stranger: Visitor) -> None:
    page = stranger.text("/api/docs")
    linked = set(re.findall(r'href="#([^"]+)"', page))
    assert linked
    assert linked <= set(re.findall(r'id="([^"]+)"', page))


def test_it_keeps_to_the_policy(stranger: Visitor) -> None:
    answer = stranger.get("/api/docs")
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", answer.text)


@pytest.mark.parametrize("host", ['"><script>alert(1)</script>', "evil.example'"])
def test_a_strange_host_is_not_repeated(stranger: Visitor, host: str) -> None:
    answer = stranger.get("/api/docs", headers={"Host": host})
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


def test_whoever_is_signed_in_keeps_the_desk_around_it(manager: Visitor) -> None:
    page = manager.text("/api/docs")
    assert 'class="nav"' in page
    assert page.count("<main") == 1
