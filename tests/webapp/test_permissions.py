"""Every route and every role: allowed or refused as the table says. Generated, so that no new route is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from common.database.engine import Database
from common.database.models import Person, Role, StaffSession
from common.permissions import ALLOWED, Action, may
from tests.webapp.desks import place, signed_in
from tests.webapp.visitor import Visitor
from webapp.web import access
from webapp.web.access import Access

PUBLIC = {
    "login.form",
    "login.sign_in",
    "login.sign_out",
    "login_link.ask",
    "login_link.look",
    "login_link.use",
    "account.choose_language",
    "account.choose_theme",
    "welcome.form",
    "welcome.join",
    "reference.page",
    "static",
    "scripts.script",
}
OWN_SECRET = {"telegram.webhook", "metrics.page", "health.live", "health.ready", "health.system"}
NEEDS = {
    "order.move": Action.ORDER_MOVE,
    "undo.undo": Action.ORDER_MOVE,
    "order_actions.change_line": Action.LINE_CHANGE,
    "order_actions.correct_line": Action.LINE_CHANGE,
    "order_actions.propose_substitute": Action.QUESTION_ASK,
    "order_actions.ask_question": Action.QUESTION_ASK,
    "order_actions.send_message": Action.MESSAGE_WRITE,
    "order_actions.assign_owner": Action.ORDER_ASSIGN,
    "order_actions.pick_reply": Action.MESSAGE_WRITE,
    "quick_replies.page": Action.REPLY_EDIT,
    "quick_replies.create": Action.REPLY_EDIT,
    "quick_replies.one": Action.REPLY_EDIT,
    "quick_replies.save": Action.REPLY_EDIT,
    "quick_replies.archive": Action.REPLY_EDIT,
    "quick_replies.restore": Action.REPLY_EDIT,
    "counter.page": Action.ORDER_PLACE_FOR,
    "counter.people": Action.ORDER_PLACE_FOR,
    "counter.parts": Action.ORDER_PLACE_FOR,
    "counter.place": Action.ORDER_PLACE_FOR,
    "notes.write": Action.NOTE_WRITE,
    "notes.strike": Action.NOTE_WRITE,
    "order_actions.decide_request": Action.REQUEST_DECIDE,
    "message_repair.resend": Action.MESSAGE_REPAIR,
    "message_repair.mark_arrived": Action.MESSAGE_REPAIR,
    "slips.print_papers": Action.SLIP_PRINT,
    "slips.report_failure": Action.SLIP_PRINT,
    "people.page": Action.PEOPLE_SEE,
    "invitations.invite": Action.PEOPLE_INVITE,
    "invitations.invite_again": Action.PEOPLE_INVITE,
    "invitations.revoke": Action.PEOPLE_INVITE,
    "join_requests.decide": Action.PEOPLE_ADMIT,
    "people.archive": Action.PEOPLE_ARCHIVE,
    "people.restore": Action.PEOPLE_ARCHIVE,
    "erasure.erase": Action.PEOPLE_ARCHIVE,
    "parts.page": Action.CATALOGUE_SEE,
    "parts.part": Action.CATALOGUE_SEE,
    "parts.new": Action.CATALOGUE_CHANGE,
    "parts.add": Action.CATALOGUE_CHANGE,
    "parts.save": Action.CATALOGUE_CHANGE,
    "parts.archive": Action.CATALOGUE_CHANGE,
    "parts.restore": Action.CATALOGUE_CHANGE,
    "parts.place": Action.CATALOGUE_CHANGE,
    "categories.page": Action.CATALOGUE_SEE,
    "categories.one": Action.CATALOGUE_SEE,
    "categories.add": Action.CATALOGUE_CHANGE,
    "categories.save": Action.CATALOGUE_CHANGE,
    "categories.archive": Action.CATALOGUE_CHANGE,
    "categories.restore": Action.CATALOGUE_CHANGE,
    "categories.place": Action.CATALOGUE_CHANGE,
    "handwritten.page": Action.CATALOGUE_CHANGE,
    "handwritten.make": Action.CATALOGUE_CHANGE,
    "handwritten.link": Action.CATALOGUE_CHANGE,
    "merging.page": Action.CATALOGUE_CHANGE,
    "merging.merge": Action.CATALOGUE_CHANGE,
    "imports.form": Action.CATALOGUE_CHANGE,
    "imports.preview_file": Action.CATALOGUE_CHANGE,
    "imports.preview": Action.CATALOGUE_CHANGE,
    "imports.load": Action.CATALOGUE_CHANGE,
    "imports.bad": Action.CATALOGUE_CHANGE,
    "imports.as_csv": Action.CATALOGUE_SEE,
    "imports.as_xlsx": Action.CATALOGUE_SEE,
    "person.page": Action.PEOPLE_SEE,
    "person.save": Action.PEOPLE_CHANGE,
    "person.change_role": Action.ROLE_CHANGE,
    "person.sign_out": Action.SESSION_CLOSE,
    "person.make_desk_link": Action.PEOPLE_STAFF,
    "roles.page": Action.PEOPLE_SEE,
    "audit.page": Action.AUDIT_SEE,
    "export.as_csv": Action.ORDER_EXPORT,
    "export.as_xlsx": Action.ORDER_EXPORT,
    "bulk.move": Action.ORDER_MOVE,
    "saved_lists.page": Action.VIEW_SAVE,
    "saved_lists.save": Action.VIEW_SAVE,
    "saved_lists.change": Action.VIEW_SAVE,
    "saved_lists.archive": Action.VIEW_SAVE,
    "saved_lists.restore": Action.VIEW_SAVE,
    "system.page": Action.SYSTEM_SEE,
}


def guarded(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Each route behind the login: the rule, a path and a method."""
    for rule in app.url_map.iter_rules():
        is_api = rule.endpoint.startswith("api.")  # of tokens: tests/webapp/api
        if rule.endpoint in PUBLIC | OWN_SECRET or is_api or not rule.methods:
            continue
        path = "".join(part if index % 2 == 0 else "1" for index, part in enumerate(_split(rule.rule)))
        yield rule, path, "POST" if "POST" in rule.methods else "GET"


def _split(rule: str) -> list[str]:
    return rule.replace(">", "<").split("<")


def test_without_a_login_there_is_nothing_to_see(stranger: Visitor) -> None:
    for _rule, path, method in guarded(stranger.app):
        answer = stranger.post(path) if method == "POST" else stranger.get(path)
        assert answer.status_code in (303, 401), path
        assert answer.status_code == 401 or answer.location.startswith("/login"), path


@pytest.mark.parametrize("role", [Role.STOREKEEPER, Role.MANAGER])
def test_each_role_may_what_the_table_says(
    app: Flask, database: Database, dima: Person, rina: Person, role: Role
) -> None:
    place(database, dima)
    with database.write() as session:
        session.get_one(Person, rina.id).role = role
    visitor = signed_in(app, database, rina)
    for rule, path, method in guarded(app):
        if rule.endpoint in ("account.sign_out_everywhere", "board.events"):
            continue
        answer = visitor.post(path) if method == "POST" else visitor.get(path)
        wanted = NEEDS.get(rule.endpoint, Action.DESK_SEE)
        assert (answer.status_code == 403) is not may(role, wanted), f"{role} {path}: {answer.status}"


def test_a_mechanics_session_opens_no_page(app: Flask, database: Database, dima: Person) -> None:
    visitor = signed_in(app, database, dima)
    for _rule, path, method in guarded(app):
        answer = visitor.post(path) if method == "POST" else visitor.get(path)
        assert answer.status_code in (303, 401), path


def test_the_marks_in_the_code_are_this_table(app: Flask) -> None:
    marks = {rule.endpoint: access.access_of(app.view_functions[rule.endpoint]) for rule, *_ in guarded(app)}
    assert marks == {name: Access(NEEDS.get(name, Action.DESK_SEE)) for name in marks}
    assert set(NEEDS) < set(marks)
    assert set(ALLOWED) == set(Role)


def test_a_role_taken_away_counts_at_the_next_click(storekeeper: Visitor, database: Database, rina: Person) -> None:
    with database.write() as session:
        session.get_one(Person, rina.id).role = Role.MECHANIC
    assert storekeeper.get("/").status_code == 303
    with database.read() as session:
        assert session.scalars(select(StaffSession)).all()
