"""Quick replies, for managers: the desk's common messages in three languages, each with a preview."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common import i18n
from common.database.models import QuickReply
from common.errors import InvalidInput, StaleVersion
from common.i18n import N_
from common.languages import LANGUAGES
from common.permissions import Action
from common.talk import quick_replies
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import version_seen
from webapp.wording import times, words

blueprint = Blueprint("quick_replies", __name__, url_prefix="/replies")
PER_PAGE = 40
REPLY_PATH = "/<id:reply_id>"
PLACEHOLDERS: dict[str, str] = {
    "part": N_("the part: of the line that was chosen, or the only one"),
    "date": N_("the day it is expected"),
    "number": N_("the order's number"),
    "plate": N_("the car's plate"),
    "name": N_("the mechanic's name"),
    "who": N_("your name"),
}


@blueprint.get("")
@needs(Action.REPLY_EDIT)
def page() -> Response:
    """The quick replies, and a form for one more."""
    return _list_page()


@blueprint.post("")
@needs(Action.REPLY_EDIT)
def create() -> WerkzeugResponse:
    """Add a quick reply, or preview it."""
    try:
        if request.form.get("do") == "preview":
            quick_replies.check(*_read_form())
            return _list_page(previewed=True)
        with desk().write("desk") as session:
            made = quick_replies.create(session, reader().actor, *_read_form())
    except InvalidInput as error:
        return _list_page(400, words.refusal(error))
    return redirect(f"/replies/{made.id}", 303)


@blueprint.get(REPLY_PATH)
@needs(Action.REPLY_EDIT)
def one(reply_id: int) -> Response:
    """One quick reply: its texts, with previews."""
    return _reply_page(reply_id)


@blueprint.post(REPLY_PATH)
@needs(Action.REPLY_EDIT)
def save(reply_id: int) -> WerkzeugResponse:
    """Change a quick reply, or preview it; 409 if it was saved by another reader meanwhile."""
    try:
        if request.form.get("do") == "preview":
            quick_replies.check(*_read_form())
            return _reply_page(reply_id)
        with desk().write("desk") as session:
            quick_replies.edit(session, reader().actor, reply_id, *_read_form(), expected_version=version_seen())
    except StaleVersion:
        return _reply_page(reply_id, 409, is_stale=True)
    except InvalidInput as error:
        return _reply_page(reply_id, 400, words.refusal(error))
    return redirect(f"/replies/{reply_id}", 303)


@blueprint.post(f"{REPLY_PATH}/archive")
@needs(Action.REPLY_EDIT)
def archive(reply_id: int) -> WerkzeugResponse:
    """Archive it: it is not offered any more."""
    return _set_archived(reply_id, True)


@blueprint.post(f"{REPLY_PATH}/restore")
@needs(Action.REPLY_EDIT)
def restore(reply_id: int) -> WerkzeugResponse:
    """Restore it: it is offered again."""
    return _set_archived(reply_id, False)


def _set_archived(reply_id: int, archived: bool) -> WerkzeugResponse:
    with desk().write("desk") as session:
        quick_replies.set_archived(session, reader().actor, reply_id, archived)
    return redirect("/replies", 303)


def _read_form() -> tuple[str, dict[str, str]]:
    return request.form.get("shortcut", ""), {code: request.form.get(f"text_{code}", "") for code in LANGUAGES}


def _list_page(code: int = 200, wrong: str = "", previewed: bool = False) -> Response:
    gone = request.args.get("show") == "archived"
    after = request.args.get("after", "")[: quick_replies.MOST_SHORTCUT]
    with desk().database.read() as session:
        found = quick_replies.find(session, after=after, archived=gone, limit=PER_PAGE + 1)
    shortcut, texts = _read_form()
    body = render_template(
        "talk/quick_replies.html",
        replies=found[:PER_PAGE],
        more=found[PER_PAGE - 1].shortcut if len(found) > PER_PAGE else None,
        gone=gone,
        shortcut=shortcut,
        texts=texts,
        shown=_previews(texts) if previewed else [],
        places=PLACEHOLDERS,
        wrong=wrong,
    )
    return make_response(body, code)


def _reply_page(reply_id: int, code: int = 200, wrong: str = "", is_stale: bool = False) -> Response:
    """The page, with the typed texts if there are any: they are kept even if another reader saved meanwhile."""
    with desk().database.read() as session:
        reply = quick_replies.get(session, reply_id)
    shortcut, texts = _read_form() if request.method == "POST" else (reply.shortcut, _texts_of(reply))
    body = render_template(
        "talk/quick_reply.html",
        reply=reply,
        shortcut=shortcut,
        texts=texts,
        saved=_texts_of(reply),
        shown=_previews(texts) if code == 200 else [],
        places=PLACEHOLDERS,
        wrong=wrong,
        is_stale=is_stale,
    )
    return make_response(body, code)


def _texts_of(reply: QuickReply) -> dict[str, str]:
    return {code: str(reply.texts.get(code, "")) for code in LANGUAGES}


def _previews(texts: dict[str, str]) -> list[tuple[str, quick_replies.FilledText]]:
    """Each language's reader and preview, for an invented order."""
    draft = QuickReply(shortcut="", texts={code: text for code, text in texts.items() if text.strip()})
    return [(code, quick_replies.fill(draft, code, _example_values(code))) for code in LANGUAGES]


def _example_values(code: str) -> dict[str, str]:
    tomorrow = times.today() + timedelta(days=1)
    return {
        "part": i18n.translations(code).gettext(N_("Front brake pads")),
        "date": quick_replies.day_text(tomorrow, code),
        "number": "1041",
        "plate": "123-45-678",
        "name": i18n.translations(code).gettext(N_("Dima")),
        "who": reader().name,
    }
