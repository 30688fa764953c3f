"""Endpoints of quick replies: the desk's common messages in every language, with places that an order fills."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from common.orders import reading
from common.people.scopes import Scope
from common.permissions import Action
from common.talk import quick_replies
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.base import Id, Moment, RequestModel, ResponseModel, RowVersion, Translations, string
from webapp.api.shapes.order_shapes import WHEN

group = Group("Quick replies")
TEXTS: dict[str, Any] = {
    "ru": "{part}: ждём {date}.",
    "he": "{part}: צפוי להגיע {date}.",
    "en": "{part}: expected {date}.",
}
REPLY: dict[str, Any] = {
    "id": 1,
    "shortcut": "eta",
    "texts": TEXTS,
    "version": 1,
    "updated_at": WHEN,
    "archived_at": None,
}
Texts = Annotated[
    Translations,
    Field(description=f"The text in each language. Placeholders: {', '.join(quick_replies.VARIABLES)}, in braces."),
]


class Reply(ResponseModel):
    """A text that is called by its shortcut."""

    model_config = ConfigDict(json_schema_extra={"examples": [REPLY]})

    id: Id
    shortcut: str
    texts: dict[str, str]
    version: Annotated[int, Field(description="The row's version; send it with a change.")]
    updated_at: Moment
    archived_at: Moment | None


class Replies(ResponseModel):
    """The replies in use, by shortcut, at most 200."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [REPLY]}]})

    items: list[Reply]


class ReplyIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"shortcut": "eta", "texts": TEXTS}]})

    shortcut: Annotated[str, string(quick_replies.MOST_SHORTCUT + 1, 1)]
    texts: Texts


class ReplyChangeIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"shortcut": "eta", "texts": TEXTS, "version": 1}]})

    shortcut: Annotated[str, string(quick_replies.MOST_SHORTCUT + 1, 1)]
    texts: Texts
    version: RowVersion


class FilledReply(ResponseModel):
    """A reply with its places filled from an order, in its mechanic's language if the reply has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "Масляный фильтр: ждём {date}.", "language": "ru", "missing": ["date"]}]
        }
    )

    text: str
    language: str
    missing: Annotated[
        list[str], Field(description="The placeholders that could not be filled; such a text cannot be sent.")
    ]


@group.get("/replies", Scope.ORDERS_READ, Action.DESK_SEE)
def list_replies(call: Call) -> Replies:
    """List quick replies

    The replies that all staff may pick.
    """
    return Replies(items=[Reply.model_validate(one) for one in quick_replies.active_replies(call.session)])


@group.get("/orders/{order_id}/replies/{reply_id}", Scope.ORDERS_READ, Action.DESK_SEE)
def fill_reply(call: Call, order_id: int, reply_id: int) -> FilledReply:
    """Fill a quick reply from an order

    Send its text as a message, edited or unchanged.
    """
    order, reply = reading.get_order(call.session, order_id), quick_replies.get(call.session, reply_id)
    language = order.person.language
    done = quick_replies.fill(
        reply, language, quick_replies.place_values(order, None, call.bearer.person_name, language)
    )
    return FilledReply(text=done.text, language=done.language, missing=list(done.missing))


@group.post("/replies", Scope.ORDERS_WRITE, Action.REPLY_EDIT, status=201)
def add_reply(call: Call, body: ReplyIn) -> Reply:
    """Add a quick reply

    In one language at least.
    """
    return Reply.model_validate(quick_replies.create(call.session, call.actor, body.shortcut, body.texts))


@group.patch("/replies/{reply_id}", Scope.ORDERS_WRITE, Action.REPLY_EDIT)
def change_reply(call: Call, reply_id: int, body: ReplyChangeIn) -> Reply:
    """Change a quick reply

    All fields are replaced, if it has not changed since you saw it.
    """
    changed = quick_replies.edit(
        call.session, call.actor, reply_id, body.shortcut, body.texts, expected_version=body.version
    )
    return Reply.model_validate(changed)


@group.post("/replies/{reply_id}/archive", Scope.ORDERS_WRITE, Action.REPLY_EDIT)
def archive_reply(call: Call, reply_id: int) -> Reply:
    """Archive a quick reply

    It is not offered any more.
    """
    return Reply.model_validate(quick_replies.set_archived(call.session, call.actor, reply_id, True))


@group.post("/replies/{reply_id}/restore", Scope.ORDERS_WRITE, Action.REPLY_EDIT)
def restore_reply(call: Call, reply_id: int) -> Reply:
    """Bring a quick reply back

    It is offered again.
    """
    return Reply.model_validate(quick_replies.set_archived(call.session, call.actor, reply_id, False))
