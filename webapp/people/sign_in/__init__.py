"""Signing in: by a password, by a link in Telegram, by a staff invitation. Other pages may verify a password here."""

from webapp.people.sign_in import login, login_link, welcome

BLUEPRINTS = tuple(page.blueprint for page in (login, login_link, welcome))
