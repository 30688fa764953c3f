"""Which passwords are refused because guessers try them early, and which are not."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.errors import InvalidInput
from common.people import logins
from common.people.passwords import is_guessable
from tests.support.cast import PASSWORD

NAMES = ("rina.levi", "Garage Felix")


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0987654321",
        "123456789012",
        "qwertyuiop",
        "QWERTYUIOP",
        "password123",
        "Password2024!",
        "!!!iloveyou!!!",
        "basketball",
        "passwordpassword",
        "aaaaaaaaaaaa",
        "121212121212",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "rina.levi1",
        "Rina-Levi-12",
        "garagefelix",
        "Garage Felix 1",
        "GARAGE_FELIX",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert is_guessable(password, NAMES)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "nine blue herons",
        "семь серых голубей",
        "שבע יונים אפורות",
        "correct horse battery",
        "Zr7Qm2xVbK9s",
        "rina likes olives",
        "garage by the sea",
    ],
)
def test_words_of_ones_own_are_taken(password: str) -> None:
    assert not is_guessable(password, NAMES)


def test_a_short_or_empty_name_refuses_nothing() -> None:
    assert not is_guessable("seven grey pigeons", ("", "s", "  "))


@pytest.mark.parametrize("password", ["1234567890", "rinarinarina", "Felix Garage 1"])
def test_nobody_can_choose_one(database: Database, rina: Person, password: str) -> None:
    with pytest.raises(InvalidInput) as refusal, database.write() as session:
        logins.set_password(session, rina, "rina", password, station="Felix Garage")
    assert refusal.value.code == "password_common"
