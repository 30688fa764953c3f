"""The audit of dependencies and the scan for secrets find what they are for, and say what they could not do."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests import audit, secret_scan


def answer(**dependency: object) -> str:
    return msgspec.json.encode({"dependencies": [{"name": "flask", "version": "0.5", **dependency}]}).decode()


def test_a_known_hole_fails_the_check_and_is_named() -> None:
    passes, told = audit.judge(answer(vulns=[{"id": "PYSEC-2019-179", "fix_versions": ["1.0"]}]))
    assert not passes
    assert "flask 0.5: PYSEC-2019-179, mended in ['1.0']" in told


def test_without_a_known_hole_it_passes_and_says_how_many_were_audited() -> None:
    assert audit.judge(answer(vulns=[])) == (True, "Dependencies: 1 audited, 0 known holes.")


@pytest.mark.parametrize("nothing", ["", answer(skip_reason="Dependency not found on PyPI")])
def test_without_advisories_it_passes_and_says_so_in_one_line(nothing: str) -> None:
    passes, told = audit.judge(nothing)
    assert passes
    assert told.startswith("Dependencies are not audited: ")
    assert "\n" not in told


def test_every_pin_is_asked_about() -> None:
    assert "Flask==" in audit.pinned()
    assert "pip_audit==" in audit.pinned()
    assert "-e ." not in audit.pinned()


@pytest.mark.parametrize(
    "secret",
    [
        "token = '{}:{}'".format("712345678", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawA"),
        "-----BEGIN {} PRIVATE KEY-----".format("RSA"),
        "url = 'https://felix:{}@example.org/'".format("hunter2hunter2"),
        "key = '{}'".format("AKIA" + "IOSFODNN7EXAMPLF"),
    ],
)
def test_a_secret_is_found_where_it_lies(tmp_path: Path, secret: str) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"first = 1\n{secret}\n")
    assert [line.partition(": ")[0] for line in secret_scan._scan(str(file))] == [f"{file}:2"]


def test_what_is_made_up_for_tests_is_known() -> None:
    assert secret_scan._scan(str(secret_scan.ROOT / "tests" / "stations" / "station.py")) == []
