"""The table of permissions, in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from common.database.models import Role
from common.i18n import N_
from common.permissions import Action, may
from webapp.web.access import needs
from webapp.wording.words import word_of

blueprint = Blueprint("roles", __name__)

ACTIONS: dict[Action, str] = {
    Action.ORDER_PLACE: N_("Place orders"),
    Action.ORDER_CHANGE_OWN: N_("Change an order of one's own; once it is taken, ask for the change"),
    Action.QUESTION_ANSWER: N_("Answer questions about one's own orders"),
    Action.DESK_SEE: N_("See the desk: board, orders, cars"),
    Action.ORDER_MOVE: N_("Take orders, mark them ready, issue, cancel, reopen"),
    Action.ORDER_PLACE_FOR: N_("Place an order at the counter, for somebody else"),
    Action.ORDER_ASSIGN: N_("Give an order to somebody of the desk"),
    Action.LINE_CHANGE: N_("Set the state of each line: here, ordered, unavailable"),
    Action.QUESTION_ASK: N_("Ask the mechanic, propose something else"),
    Action.MESSAGE_WRITE: N_("Write to the mechanic"),
    Action.NOTE_WRITE: N_("Write notes that only the desk sees"),
    Action.REQUEST_DECIDE: N_("Decide what mechanics want changed"),
    Action.MESSAGE_REPAIR: N_("Send failed messages again"),
    Action.REPLY_EDIT: N_("Write the quick replies"),
    Action.SLIP_PRINT: N_("Print slips"),
    Action.PEOPLE_SEE: N_("See people and whether the bot reaches them"),
    Action.PEOPLE_INVITE: N_("Invite mechanics, and give them a new link"),
    Action.PEOPLE_STAFF: N_("Invite storekeepers and managers, and change what is known of them"),
    Action.PEOPLE_ADMIT: N_("Let strangers in who ask to join"),
    Action.PEOPLE_ARCHIVE: N_("Close somebody's access, and open it again"),
    Action.PEOPLE_CHANGE: N_("Change a mechanic's name, language and notices"),
    Action.ROLE_CHANGE: N_("Give people another role"),
    Action.SESSION_CLOSE: N_("Sign others out of their browsers"),
    Action.AUDIT_SEE: N_("See who changed people, roles and the catalogue"),
    Action.CATALOGUE_SEE: N_("See the catalogue, and save it as a file"),
    Action.CATALOGUE_CHANGE: N_("Change the catalogue"),
    Action.VIEW_SAVE: N_("Save lists of orders under a name"),
    Action.VIEW_MANAGE: N_("Change the lists that others made for everybody"),
    Action.ORDER_EXPORT: N_("Save orders as a file"),
    Action.SYSTEM_SEE: N_("See the state of the system"),
}


@dataclass(frozen=True)
class RightRow:
    """An action in words, and for each role whether it may do that."""

    words: str
    allowed: list[bool]


@dataclass(frozen=True)
class RolesPage:
    """The content of the page of roles."""

    roles: list[Role]
    rights: list[RightRow]


def make_roles_page() -> RolesPage:
    roles = list(Role)
    rights = [RightRow(word_of(ACTIONS, action), [may(role, action) for role in roles]) for action in Action]
    return RolesPage(roles, rights)


@blueprint.get("/people/roles")
@needs(Action.PEOPLE_SEE)
def page() -> str:
    """Each role and its permissions."""
    return render_template("people/roles.html", page=make_roles_page())
