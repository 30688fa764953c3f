"""Which texts the sources hold, and the catalogues beside this file."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from common.i18n import LOCALE
from common.locale.checks import KEYWORDS, hidden

DOMAIN = "felix_hub"
ROOT = LOCALE.parent.parent
PACKAGES = ("common", "bot_daemon", "webapp")
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"encoding": "utf-8", "silent": "false"}}


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def extract() -> Catalog:
    """Every text the sources mark, with the files it stands in (no line numbers: they would change all day)."""
    found = Catalog(charset="utf-8")
    for package in PACKAGES:
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / package, METHODS, OPTIONS, KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(f"{package}/{name}", 0)], auto_comments=comments, context=context)
    return found


def hidden_texts() -> list[str]:
    """Texts that `extract` cannot see."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return [problem for path in files for problem in hidden(path)]


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=language)


def write(path: Path, catalogue: Catalog, *, omit_header: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue, width=120, include_lineno=False, omit_header=omit_header, sort_output=True)


def take_over(language: str, found: Catalog) -> Catalog:
    """The language's catalogue with exactly the texts of the sources; what was translated stays so."""
    path = path_of(language)
    catalogue = read(path, language) if path.exists() else _empty(language)
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Felix Hub",
        version="1",
        charset="utf-8",
        header_comment=f"# Felix Hub, the words of bot and desk: {language}",
        last_translator="Felix Hub",
        language_team=language,
        msgid_bugs_address="",
        fuzzy=False,
    )
