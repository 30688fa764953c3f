"""Fills the tables of the reference from the code, so that the two cannot differ.

`python -m docs.generate` writes them and the OpenAPI document; `python -m docs.generate --check` names the outdated
files and changes no file. A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from docs.tables import TABLES, api

DOCS = Path(__file__).parent
FILES = {DOCS / "reference" / "openapi.json": api.openapi}  # generated as a whole
BLOCK = re.compile(r"(<!-- table: ([a-z-]+) -->\n)(.*?)(<!-- end of table -->)", re.DOTALL)


def pages() -> list[Path]:
    """Every page that holds a generated table."""
    written = (DOCS.parent / "README.md", *DOCS.rglob("*.md"))
    return sorted(page for page in written if BLOCK.search(page.read_text(encoding="utf-8")))


def filled(text: str) -> str:
    """The page with its tables generated anew. Raises: KeyError for an unknown table."""
    return BLOCK.sub(lambda hit: f"{hit[1]}\n{TABLES[hit[2]]().strip()}\n\n{hit[4]}", text)


def wanted() -> dict[Path, str]:
    """The right content of every page and file that is generated from the code."""
    made = {page: filled(page.read_text(encoding="utf-8")) for page in pages()}
    return made | {path: make() for path, make in FILES.items()}


def stale() -> list[Path]:
    """The pages and files that differ from the code."""
    return [path for path, text in wanted().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def write() -> list[Path]:
    """Bring all pages and files up to date. Returns the changed ones."""
    changed = stale()
    for path in changed:
        path.write_text(wanted()[path], encoding="utf-8")
    return changed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a page is out of date")
    check = parser.parse_args().check
    for page in (found := stale() if check else write()):
        sys.stdout.write(f"{'Out of date' if check else 'Written'}: {page.relative_to(DOCS.parent)}\n")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
