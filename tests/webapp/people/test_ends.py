"""Pages say what a change of access ends, before the button, in every language."""

from __future__ import annotations

import pytest
from flask import Flask

from common import i18n
from common.cli.opening import HOST
from common.database.engine import Database
from common.database.models import Person
from common.languages import LANGUAGES
from common.people import invitations, logins, people, tokens
from common.people.access.revocation import Credential
from common.people.scopes import Scope
from tests.support.cast import PASSWORD, acts
from tests.webapp.desks import signed_in
from tests.webapp.visitor import Visitor
from webapp.wording import access_text

PARTS_OF_OTHERS = {Credential.LINKS_BEYOND, Credential.LINK_BROWSERS}  # they have the words of the whole


@pytest.fixture
def rina_has_much(database: Database, rina: Person) -> Person:
    with database.write() as session:
        person = session.get_one(Person, rina.id)
        logins.set_password(session, person, "rina", PASSWORD)
        logins.open_session(session, rina.id, "a browser")
        logins.open_session(session, rina.id, "another browser")
        invitations.invite(session, acts(rina), name="Lev")
        invitations.link_own(session, acts(rina))
        tokens.create(session, HOST, person=person, name="till", scopes={Scope.ORDERS_READ})
    return rina


def test_a_manager_reads_what_closing_access_a_role_and_a_sign_out_end(manager: Visitor, rina_has_much: Person) -> None:
    page = manager.text(f"/people/{rina_has_much.id}")
    closing, everywhere = page.index("/archive"), page.index("/sign-out")
    assert "This ends: 2 browsers, 1 link to come in, 1 invitation made, 1 API token." in page[everywhere:closing]
    assert "This ends: 2 browsers, 1 link to come in, 1 invitation made." in page[:everywhere]
    assert "Mechanic: this ends 2 browsers, 1 link to come in, 1 invitation made, 1 API token." in page
    assert "Manager: this ends 1 link to come in." in page


def test_the_account_says_what_a_new_password_a_sign_out_and_unlinking_end(
    app: Flask, database: Database, rina_has_much: Person
) -> None:
    with database.write() as session:
        people.choose_language(session, session.get_one(Person, rina_has_much.id), "en")
    page = signed_in(app, database, rina_has_much).text("/account")
    assert page.count("This ends: 3 browsers, 1 link to come in, 1 invitation made.") == 2


def test_who_has_nothing_open_reads_nothing_of_it(manager: Visitor, dima: Person) -> None:
    assert "This ends" not in manager.text(f"/people/{dima.id}")


def test_the_list_leads_to_the_page_that_says_it(manager: Visitor, dima: Person) -> None:
    page = manager.text("/people")
    assert f'href="/people/{dima.id}#access"' in page
    assert "/archive" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [1, 2, 5, 21])
def test_every_credential_that_a_reader_would_miss_has_words(language: str, number: int) -> None:
    with i18n.use_language(language):
        told = access_text.ended(dict.fromkeys(set(Credential) - PARTS_OF_OTHERS, number))
    assert told.count(str(number)) == 5
    assert told.isascii() == (language == "en")
