"""Refusals of the command: one clear sentence, never a traceback."""

from __future__ import annotations

from common.errors import FelixError, InvalidInput, NotFound

INPUT_SENTENCES = {
    "name": "A name has 1 to {most} printable characters.",
    "language": "The language must be ru, he or en.",
    "token_person": "{name} has no access to the desk, so a token cannot act for them.",
    "username": "A username has 2 to 64 printable characters and no spaces.",
    "username_taken": "This username is taken.",
    "last_manager": "The station needs a manager: give somebody else that role first.",
    "open_orders": "Open orders first have to be issued or cancelled, or given to somebody else: {orders}.",
    "password_short": "The password needs at least {least} characters.",
    "password_common": "That password is among the first that are tried. Take three or four words.",
    "password_long": "The password may have at most {most} characters.",
}


class CommandRefused(FelixError):
    """The command cannot be carried out. The text is for the person at the shell."""


def sentence(error: FelixError) -> str:
    if isinstance(error, InvalidInput) and error.code in INPUT_SENTENCES:
        return INPUT_SENTENCES[error.code].format(**error.arguments)
    if isinstance(error, NotFound):
        return f"There is no {error.what} {error.key}."
    return str(error)
