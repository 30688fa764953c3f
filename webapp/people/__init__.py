"""Pages about people: the list, signing in, invitations, roles, the reader's own account."""

from webapp.people import account, invitations, join_requests, login, login_link, people, person, roles, welcome

BLUEPRINTS = tuple(
    page.blueprint for page in (account, invitations, join_requests, login, login_link, people, person, roles, welcome)
)
