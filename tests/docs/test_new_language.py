"""A fourth language, made as docs/how-to/add-a-language.md says and in no other way, breaks no page and no screen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
COPIED = ("common", "bot_daemon", "webapp", "sandbox", "tests", "docs", "setup.cfg", "pyproject.toml")
HOW_TO = ROOT / "docs" / "how-to" / "add-a-language.md"
ROW = '    Language("qps", "⟦Þšéüðö⟧", "⟦Çĥööšé⟧", "⟦⟧", locale="en"),\n'
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
PLACE = re.compile(r"(%\(\w+\)[a-z]|%%|<[^>]*>)")
SPEAKING = ("tests/webapp/test_every_language.py", "tests/bot_daemon/chat/rendering/test_rendering.py")
LIMIT = 240  # seconds


def accented(text: str) -> str:
    """A text as the pseudo-language has it: its places stay, its vowels have accents."""
    pieces = PLACE.split(text)
    return f"⟦{''.join(piece if n % 2 else piece.translate(ACCENTS) for n, piece in enumerate(pieces))}⟧"


def translate(message: Message) -> None:
    """Every form has the places of the plural."""
    if isinstance(message.id, str):
        message.string = accented(message.id)
    else:
        message.string = (accented(message.id[-1]),) * 2


def run(directory: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=directory, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return done.stdout + done.stderr if done.returncode else ""


def follow_the_how_to(directory: Path) -> None:
    """Its steps 1 and 2; the others are of looks, fonts and the first station's parts."""
    table = directory / "common" / "languages.py"
    table.write_text(table.read_text().replace("TABLE = (\n", f"TABLE = (\n{ROW}"))
    run(directory, "common.locale")
    path = directory / "common" / "locale" / "qps" / "LC_MESSAGES" / "felix_hub.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale="en")
    for message in catalogue:
        if message.id:
            translate(message)
    with path.open("wb") as target:
        write_po(target, catalogue)


def test_a_fourth_language_goes_through_every_page_screen_and_notice(tmp_path: Path) -> None:
    """It takes some 20 s: a copy of the program, in which the tests of every language run once more for the new one."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, tmp_path / name)
    follow_the_how_to(tmp_path)
    assert run(tmp_path, "common.locale", "--check") == ""
    assert run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", *SPEAKING, "-k", "qps") == ""


def test_the_how_to_names_what_the_test_touches() -> None:
    steps = HOW_TO.read_text()
    assert "common/languages.py" in steps
    assert "python -m common.locale" in steps
    assert "felix_hub.po" in steps
