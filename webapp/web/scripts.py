"""The desk's scripts: ES modules, which import each other by relative addresses.

All addresses start with one digest of all scripts, so imports need no query and a changed script has a new address. The
policy forbids an import map, because it would be an inline script.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, send_from_directory

from webapp.web import access

SCRIPTS = Path(__file__).parents[1] / "static" / "scripts"
IMPORT = re.compile(r'^import (?:[^"\n]* from )?"\./([^"\n]*)";$', re.MULTILINE)
FOR_A_YEAR = "public, max-age=31536000, immutable"

blueprint = Blueprint("scripts", __name__)


@cache
def version() -> str:
    """A digest of all scripts and their names."""
    digest = hashlib.sha256()
    for path in sorted(SCRIPTS.glob("*.js")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """A script's address, for a page. It is not made by `url_for`, for the reason given in `template_context.asset`."""
    return f"{current_app.static_url_path}/scripts/{version()}/{name}"


def imported(name: str) -> list[str]:
    """The addresses of all scripts that a script imports: a page names them, so that browsers fetch them at once."""
    return [address(other) for other in _imports_of(name)]


@cache
def _imports_of(name: str) -> list[str]:
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        imports = IMPORT.findall((SCRIPTS / waiting.pop()).read_text())
        waiting += [other for other in imports if other not in found]
        found |= dict.fromkeys(imports)
    return list(found)


@blueprint.get("/static/scripts/<digest>/<name>")
@access.exempt
def script(digest: str, name: str) -> Response:
    """A script of the desk."""
    response = send_from_directory(SCRIPTS, name)
    # A page of another version may ask during a deploy: browsers must not keep this answer under that address.
    response.headers["Cache-Control"] = FOR_A_YEAR if digest == version() else "no-store"
    return response
