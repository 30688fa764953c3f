"""The API: its endpoints, scopes and problems; and its OpenAPI document."""

from __future__ import annotations

import json

from common.people.scopes import Scope
from docs.markdown import code, codes, table
from webapp.api import document
from webapp.api.resources import ENDPOINTS
from webapp.wording.problems import PREFIX, PROBLEM_TYPES


def endpoints() -> str:
    rows = (
        (
            code(f"{row.method} {row.path}"),
            code(row.scope.value) if row.scope else "any",
            code(row.action.value),
            row.summary,
        )
        for row in ENDPOINTS
    )
    return table((f"Endpoint, below `{PREFIX}`", "Scope", "Action", "What it does"), rows)


def scopes() -> str:
    opened = {scope: {row.action.value for row in ENDPOINTS if row.scope is scope} for scope in Scope}
    rows = ((code(scope.value), document.SCOPES[scope], codes(sorted(opened[scope]))) for scope in Scope)
    return table(("Scope", "It lets a program", "Actions"), rows)


def problems() -> str:
    rows = ((code(kind.type), kind.status, kind.about) for kind in PROBLEM_TYPES.values())
    return table(("Type", "Status", "Meaning"), rows)


def openapi() -> str:
    """The document as it is served, formatted so that two versions can be compared."""
    return json.dumps(document.build_document(ENDPOINTS), ensure_ascii=False, indent=1) + "\n"
