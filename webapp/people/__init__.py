"""Pages about people: the list, signing in, invitations, roles, the reader's own account."""

from webapp.people import account, erasure, invitations, join_requests, people, person, roles, sign_in

BLUEPRINTS = (
    *(page.blueprint for page in (account, erasure, invitations, join_requests, people, person, roles)),
    *sign_in.BLUEPRINTS,
)
