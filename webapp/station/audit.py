"""The audit: who changed people, roles, catalogue, tokens. Only managers read it, and its entries are never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from common import audit
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk
from webapp.web.numbers import requested_number
from webapp.wording import audit_text
from webapp.wording.audit_text import AuditText

blueprint = Blueprint("audit", __name__)
PER_PAGE = 50


@dataclass(frozen=True)
class AuditPage:
    """The content of the page of the audit."""

    entries: list[AuditText]
    about: str  # the chosen subject; empty: all
    before: int | None  # the last entry of this page, if there are older ones

    subjects = audit_text.SUBJECTS

    @property
    def older(self) -> str:
        """The address of the next page; empty on the last."""
        about = {"about": self.about} if self.about else {}
        return f"/audit?{urlencode({'before': self.before, **about})}" if self.before else ""


@blueprint.get("/audit")
@needs(Action.AUDIT_SEE)
def page() -> str:
    """Who changed people, roles, catalogue and tokens, newest first."""
    about = request.args.get("about", "")
    about = about if about in audit_text.SUBJECTS else ""
    with desk().database.read() as session:
        found = audit.latest(session, subject=about, before=requested_number("before"), limit=PER_PAGE + 1)
        page = AuditPage(
            entries=audit_text.audit_texts(found[:PER_PAGE]),
            about=about,
            before=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        )
        return render_template("station/audit.html", page=page)
