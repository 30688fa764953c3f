"""The audit: who changed people, roles, catalogue, tokens. Only managers read it, and its entries are never deleted."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from common import audit
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk
from webapp.web.numbers import requested_number
from webapp.wording import audit_text

blueprint = Blueprint("audit", __name__)
PER_PAGE = 50


@blueprint.get("/audit")
@needs(Action.AUDIT_SEE)
def page() -> str:
    """Who changed people, roles, catalogue and tokens, newest first."""
    about = request.args.get("about", "")
    about = about if about in audit_text.SUBJECTS else ""
    with desk().database.read() as session:
        found = audit.latest(session, subject=about, before=requested_number("before"), limit=PER_PAGE + 1)
        return render_template(
            "station/audit.html",
            facts=audit_text.audit_texts(found[:PER_PAGE]),
            more=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
            about=about,
            subjects=audit_text.SUBJECTS,
        )
