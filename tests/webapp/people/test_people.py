"""People: inviting, closing access, and who may do it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from common.clock import utcnow
from common.database.engine import Database
from common.database.models import Bot, Chat, Invitation, Person, Role
from common.people import invitations, people
from common.people.invitations import InvitationRefused, RefusalReason
from tests.webapp.visitor import Visitor


@pytest.fixture
def bot(database: Database) -> Bot:
    with database.write() as session:
        bot = Bot(
            bot_id=7, username="felix_bot", name="Felix", link_base="https://t.me", active_at=utcnow(), webhook={}
        )
        session.add(bot)
        return bot


def invite(visitor: Visitor, name: str = "Sasha", language: str = "ru") -> str:
    answer = visitor.post("/people/invitations", {"name": name, "language": language})
    assert answer.status_code == 201, answer.text
    return answer.text


def test_an_invitation_is_a_link_and_a_qr_code_that_let_somebody_in_once(
    storekeeper: Visitor, database: Database, bot: Bot
) -> None:
    text = invite(storekeeper)
    code = re.search(r"https://t\.me/felix_bot\?start=([A-Za-z0-9_-]{16,64})\"", text)
    assert code
    assert "<svg" in text[text.index('class="qr"') :]
    assert "style=" not in text
    with database.write() as session:
        assert isinstance(invitations.accept(session, code[1], telegram_id=5, language="en"), Person)
        assert invitations.accept(session, code[1], telegram_id=6, language="en") == InvitationRefused(
            RefusalReason.USED
        )


def test_the_code_is_never_shown_again(storekeeper: Visitor, database: Database, bot: Bot) -> None:
    text = invite(storekeeper)
    code = re.search(r"start=([A-Za-z0-9_-]+)", text)
    assert code
    page = storekeeper.text("/people")
    assert "Sasha" in page
    assert code[1] not in page


def test_before_any_daemon_ran_the_command_is_shown_instead(storekeeper: Visitor) -> None:
    assert "/start " in invite(storekeeper)


def test_a_withdrawn_invitation_lets_nobody_in(storekeeper: Visitor, database: Database, bot: Bot) -> None:
    code = re.search(r"start=([A-Za-z0-9_-]+)", invite(storekeeper))
    assert code
    with database.read() as session:
        number = session.scalars(select(Invitation.id)).one()
    storekeeper.post(f"/people/invitations/{number}/revoke")
    with database.write() as session:
        assert invitations.accept(session, code[1], telegram_id=5, language="en") == InvitationRefused(
            RefusalReason.REVOKED
        )


@pytest.mark.parametrize(
    ("name", "language"),
    [("", "ru"), (" ", "ru"), ("x" * 81, "ru"), ("Sasha", "xx"), ("a\u202eb", "ru"), ("a\nb\x07", "en")],
)
def test_what_is_no_name_or_language_is_refused_and_kept_to_mend(
    manager: Visitor, database: Database, name: str, language: str
) -> None:
    answer = manager.post("/people/invitations", {"name": name, "language": language})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    with database.read() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_a_manager_closes_access_and_opens_it_again(manager: Visitor, database: Database, dima: Person) -> None:
    manager.post(f"/people/{dima.id}/archive")
    assert "Dima" not in manager.text("/people")
    assert "Dima" in manager.text("/people?show=archived")
    manager.post(f"/people/{dima.id}/restore")
    assert "Dima" in manager.text("/people")


def test_a_storekeeper_may_not(storekeeper: Visitor, database: Database, dima: Person) -> None:
    assert storekeeper.post(f"/people/{dima.id}/archive").status_code == 403
    assert f"/people/{dima.id}/archive" not in storekeeper.text("/people")


def test_nobody_locks_themselves_out(manager: Visitor, avi: Person) -> None:
    assert manager.post(f"/people/{avi.id}/archive").status_code == 400
    assert manager.get("/").status_code == 200


def test_whoever_blocked_the_bot_is_marked(manager: Visitor, database: Database, dima: Person) -> None:
    assert "blocked the bot" not in manager.text("/people")
    with database.write() as session:
        session.add(Chat(chat_id=1001, unreachable="blocked"))
    assert "blocked the bot" in manager.text("/people")


def test_people_come_page_by_page(manager: Visitor, database: Database) -> None:
    with database.write() as session:
        for number in range(60):
            people.add_person(session, name=f"Person {number:02}", role=Role.MECHANIC, language="en")
    first = manager.text("/people")
    after = re.search(r"/people\?after=(\d+)", first)
    assert after
    second = manager.text(f"/people?after={after[1]}")
    shown = [number for number in range(60) for page in (first, second) if f'name">Person {number:02}<' in page]
    assert sorted(shown) == list(range(60))
