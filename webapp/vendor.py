"""Third-party files that the desk serves itself: copied from npm packages, with a manifest of their origins.

`npm ci --ignore-scripts && python -m webapp.vendor` copies; `python -m webapp.vendor --check` says whether the copies
match the manifest, and needs no Node. The copies are committed, so neither deploy nor tests fetch anything.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "rubik-latin.woff2": "@fontsource-variable/rubik/files/rubik-latin-wght-normal.woff2",
    "rubik-cyrillic.woff2": "@fontsource-variable/rubik/files/rubik-cyrillic-wght-normal.woff2",
    "rubik-hebrew.woff2": "@fontsource-variable/rubik/files/rubik-hebrew-wght-normal.woff2",
    "rubik.LICENSE.txt": "@fontsource-variable/rubik/LICENSE",
}


@dataclass(frozen=True)
class VendoredFile:
    """One copied file and its origin."""

    file: str
    package: str
    version: str
    licence: str
    sha256: str


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def copy_files(modules: Path) -> list[VendoredFile]:
    """Copy the wanted files out of a `node_modules` directory and write the manifest."""
    copied = [_copy_one(modules, name, source) for name, source in FILES.items()]
    MANIFEST.write_text(json.dumps([asdict(one) for one in copied], indent=2) + "\n")
    return copied


def _copy_one(modules: Path, name: str, source: str) -> VendoredFile:
    package = "/".join(source.split("/")[: 2 if source.startswith("@") else 1])
    about = json.loads((modules / package / "package.json").read_text())
    target = VENDOR / name
    shutil.copyfile(modules / source, target)
    return VendoredFile(name, package, about["version"], about["license"], digest(target))


def differences() -> list[str]:
    """The differences from the manifest, one sentence each; empty if the copies match it."""
    known = {one["file"]: one["sha256"] for one in json.loads(MANIFEST.read_text())}
    present = {path.name: digest(path) for path in VENDOR.iterdir() if path != MANIFEST}
    missing = [f"{name} is wanted and not vendored." for name in FILES if name not in present]
    strange = [f"{name} is in no manifest." for name in present if name not in known]
    changed = [
        f"{name} is not the file the manifest names." for name, sha in present.items() if known.get(name, sha) != sha
    ]
    return missing + strange + changed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m webapp.vendor", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the copies with the manifest, change nothing")
    parser.add_argument("--modules", type=Path, default=Path("node_modules"), help="where npm put the packages")
    arguments = parser.parse_args()
    if not arguments.check:
        copy_files(arguments.modules)
    found = differences()
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
