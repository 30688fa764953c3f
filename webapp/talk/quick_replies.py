"""Quick replies, for managers: the desk's common messages in three languages, each with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common import i18n
from common.database.models import QuickReply
from common.errors import InvalidInput, StaleVersion
from common.i18n import N_
from common.languages import LANGUAGES
from common.permissions import Action
from common.talk import quick_replies
from common.talk.quick_replies import FilledText
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


@dataclass(frozen=True)
class ReplyForm:
    """The fields of a quick reply's form: its shortcut, and its text by language."""

    shortcut: str
    texts: dict[str, str]

    placeholders = PLACEHOLDERS

    @classmethod
    def typed(cls) -> ReplyForm:
        texts = {code: request.form.get(f"text_{code}", "") for code in LANGUAGES}
        return cls(request.form.get("shortcut", ""), texts)

    @classmethod
    def of(cls, reply: QuickReply) -> ReplyForm:
        return cls(reply.shortcut, {code: str(reply.texts.get(code, "")) for code in LANGUAGES})


@dataclass(frozen=True)
class ReplyPreview:
    """How a reader of a language sees a quick reply, filled for an invented order."""

    language: str
    filled: FilledText

    @property
    def is_replaced(self) -> bool:
        """Whether the reply has no text in this language, so that another one is used."""
        return self.filled.language != self.language


@dataclass(frozen=True)
class RepliesPage:
    """The content of the page of quick replies."""

    replies: list[QuickReply]
    next: str  # the address of the next page; empty on the last
    shows_archived: bool
    form: ReplyForm
    previews: list[ReplyPreview]
    wrong: str


@dataclass(frozen=True)
class ReplyPage:
    """The content of one quick reply's page."""

    reply: QuickReply
    form: ReplyForm
    previews: list[ReplyPreview]
    wrong: str
    is_stale: bool  # whether another reader saved it meanwhile

    @property
    def saved(self) -> ReplyForm:
        return ReplyForm.of(self.reply)


@blueprint.get("")
@needs(Action.REPLY_EDIT)
def page() -> Response:
    """The quick replies, and a form for one more."""
    return _list_page()


@blueprint.post("")
@needs(Action.REPLY_EDIT)
def create() -> WerkzeugResponse:
    """Add a quick reply, or preview it."""
    form = ReplyForm.typed()
    try:
        if request.form.get("do") == "preview":
            quick_replies.check(form.shortcut, form.texts)
            return _list_page(previewed=True)
        with desk().write("desk") as session:
            made = quick_replies.create(session, reader().actor, form.shortcut, form.texts)
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
    form = ReplyForm.typed()
    try:
        if request.form.get("do") == "preview":
            quick_replies.check(form.shortcut, form.texts)
            return _reply_page(reply_id)
        with desk().write("desk") as session:
            quick_replies.edit(
                session, reader().actor, reply_id, form.shortcut, form.texts, expected_version=version_seen()
            )
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


def _list_page(code: int = 200, wrong: str = "", previewed: bool = False) -> Response:
    archived = request.args.get("show") == "archived"
    after = request.args.get("after", "")[: quick_replies.MOST_SHORTCUT]
    with desk().database.read() as session:
        found = quick_replies.find(session, after=after, archived=archived, limit=PER_PAGE + 1)
    form = ReplyForm.typed()
    page = RepliesPage(
        replies=found[:PER_PAGE],
        next=_address(found[PER_PAGE - 1].shortcut, archived) if len(found) > PER_PAGE else "",
        shows_archived=archived,
        form=form,
        previews=_previews(form) if previewed else [],
        wrong=wrong,
    )
    return make_response(render_template("talk/quick_replies.html", page=page), code)


def _address(after: str, archived: bool) -> str:
    return f"/replies?{urlencode({'after': after, **({'show': 'archived'} if archived else {})})}"


def _reply_page(reply_id: int, code: int = 200, wrong: str = "", is_stale: bool = False) -> Response:
    """The page, with the typed texts if there are any: they are kept even if another reader saved meanwhile."""
    with desk().database.read() as session:
        reply = quick_replies.get(session, reply_id)
    form = ReplyForm.typed() if request.method == "POST" else ReplyForm.of(reply)
    page = ReplyPage(reply, form, _previews(form) if code == 200 else [], wrong, is_stale)
    return make_response(render_template("talk/quick_reply.html", page=page), code)


def _previews(form: ReplyForm) -> list[ReplyPreview]:
    draft = QuickReply(shortcut="", texts={code: text for code, text in form.texts.items() if text.strip()})
    return [ReplyPreview(code, quick_replies.fill(draft, code, _example_values(code))) for code in LANGUAGES]


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
