"""Serving an order: its lines' states, substitutes, questions, messages, and the mechanic's requests for changes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, jsonify, make_response, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import LineState
from common.errors import InvalidInput, StaleVersion, WrongState
from common.media import desk_photos
from common.orders import lines, owners, reading
from common.orders.content import corrections
from common.permissions import Action
from common.talk import change_requests, chat, questions, quick_replies
from webapp.orders import order_forms, order_page
from webapp.web import form_limits
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import version_seen
from webapp.wording import words

blueprint = Blueprint("order_actions", __name__, url_prefix="/orders/<id:order_id>")


def _save_change(order_id: int, part: str, change: Callable[[Session, int], object]) -> WerkzeugResponse:
    """Change the order, if it has not changed since the reader saw it; else 409 and the changes.

    Args:
        part: the part of the page to return to.
    """
    seen = 0
    try:
        seen = version_seen()
        with desk().write("desk") as session:
            change(session, seen)
    except (StaleVersion, WrongState):
        return order_page.render_order_page(order_id, 409, stale_since=seen)
    except InvalidInput as error:
        return order_page.render_order_page(order_id, 400, wrong=words.refusal(error))
    return redirect(f"/orders/{order_id}#{part}", 303)


@blueprint.post("/lines/<id:line_id>")
@needs(Action.LINE_CHANGE)
def change_line(order_id: int, line_id: int) -> WerkzeugResponse:
    """Change the line's state; an ordered line may have an expected day."""

    def change(session: Session, seen: int) -> None:
        wanted = request.form.get("state", "")
        if wanted not in set(LineState):
            raise InvalidInput("form")
        state = LineState(wanted)
        day = order_forms.day_given() if lines.CHANGES[state].takes_day else None
        lines.change_line(
            session,
            reader().actor,
            order_id,
            line_id,
            state,
            expected_version=seen,
            expected_on=day,
            supplier=request.form.get("supplier", ""),
            reason=request.form.get("reason", ""),
        )

    return _save_change(order_id, f"line-{line_id}", change)


@blueprint.post("/lines/<id:line_id>/wanted")
@needs(Action.LINE_CHANGE)
def correct_line(order_id: int, line_id: int) -> WerkzeugResponse:
    """Correct the line's quantity, unit and remark."""
    return _save_change(
        order_id,
        f"line-{line_id}",
        lambda session, seen: corrections.correct_line(
            session, reader().actor, order_id, line_id, order_forms.wanted_given(), expected_version=seen
        ),
    )


@blueprint.post("/lines/<id:line_id>/substitute")
@needs(Action.QUESTION_ASK)
def propose_substitute(order_id: int, line_id: int) -> WerkzeugResponse:
    """Propose a substitute for the line."""
    proposed = request.form.get("substitute", "")
    return _save_change(
        order_id,
        f"line-{line_id}",
        lambda session, seen: questions.propose_substitute(
            session, reader().actor, order_id, line_id, proposed, expected_version=seen
        ),
    )


@blueprint.post("/questions")
@needs(Action.QUESTION_ASK)
def ask_question(order_id: int) -> WerkzeugResponse:
    """Ask the mechanic; the answer is given with buttons or in words."""
    kind, asked = request.form.get("kind", ""), request.form.get("question", "")
    return _save_change(
        order_id,
        "talk",
        lambda session, seen: questions.ask(session, reader().actor, order_id, kind, asked, expected_version=seen),
    )


@blueprint.post("/owner")
@needs(Action.ORDER_ASSIGN)
def assign_owner(order_id: int) -> WerkzeugResponse:
    """Set or remove the order's owner."""

    return _save_change(
        order_id,
        "",
        lambda session, seen: owners.assign(
            session, reader().actor, order_id, order_forms.owner_given(), expected_version=seen
        ),
    )


@blueprint.post("/messages")
@needs(Action.MESSAGE_WRITE)
@form_limits.accepts_upload(desk_photos.MAX_UPLOAD)
def send_message(order_id: int) -> WerkzeugResponse:
    """Send words or a photo to the mechanic. They fit every state of the order, so the form holds no version."""
    try:
        key, text, photo = order_forms.key_given(), request.form.get("text", ""), order_forms.photo_given(order_id)
        with desk().write("desk") as session:
            chat.write(session, reader().actor, order_id, text, key=key, photo=photo)
    except InvalidInput as error:
        return order_page.render_order_page(order_id, 400, wrong=words.refusal(error))
    return redirect(f"/orders/{order_id}#talk", 303)


@blueprint.post("/replies")
@needs(Action.MESSAGE_WRITE)
def pick_reply(order_id: int) -> WerkzeugResponse:
    """Fill a quick reply from the order, in the mechanic's language; it is not sent yet."""
    line = request.form.get("line", "")
    with desk().database.read() as session:
        of_it = reading.read_order(session, order_id)
        reply = quick_replies.by_shortcut(session, request.form.get("reply", "")[: quick_replies.MOST_SHORTCUT + 1])
        if reply is None:
            return _unknown_reply(order_id)
        meant = next((one for one in of_it.lines if str(one.id) == line), None)
        language = of_it.person.language
        filled = quick_replies.fill(reply, language, quick_replies.place_values(of_it, meant, reader().name, language))
    if request.headers.get("Accept") == "application/json":
        return jsonify(text=filled.text, missing=filled.missing, told=words.quick_reply_warnings(filled, language))
    return order_page.render_order_page(order_id, picked=filled)


def _unknown_reply(order_id: int) -> WerkzeugResponse:
    wrong = words.refusal(InvalidInput("reply_unknown"))
    if request.headers.get("Accept") == "application/json":
        return make_response(jsonify(told=wrong), 400)
    return order_page.render_order_page(order_id, 400, wrong=wrong)


@blueprint.post("/requests/<id:request_id>")
@needs(Action.REQUEST_DECIDE)
def decide_request(order_id: int, request_id: int) -> WerkzeugResponse:
    """Accept or refuse the change that the mechanic requested."""

    def change(session: Session, seen: int) -> None:
        decision = request.form.get("decision", "")
        if decision not in ("accept", "refuse"):
            raise InvalidInput("form")
        how = change_requests.accept if decision == "accept" else change_requests.refuse
        how(session, reader().actor, request_id, expected_version=seen)

    return _save_change(order_id, "talk", change)
