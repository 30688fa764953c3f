"""The vendored files are the ones the manifest names."""

from __future__ import annotations

import json
from pathlib import Path

from webapp import vendor


def test_the_copies_are_what_the_manifest_says() -> None:
    assert vendor.differences() == []


def test_the_versions_are_the_ones_of_the_lock_file() -> None:
    lock = json.loads((Path(vendor.__file__).parents[1] / "package-lock.json").read_text())["packages"]
    for one in json.loads(vendor.MANIFEST.read_text()):
        assert lock[f"node_modules/{one['package']}"]["version"] == one["version"]
        assert one["licence"] in ("BSD-0-Clause", "OFL-1.1")
