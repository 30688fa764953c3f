"""Sign-ins are kept for a while and told where they are news; failures cannot fill the table."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from common import clock
from common.database.engine import Database
from common.database.models import OutboxRow, Person, SignIn, SignInKind
from common.facts.messages import NewBrowser
from common.people import people
from common.people.access import sign_ins
from tests.support.cast import RINA, hire

HERE, THERE = "192.0.2.1", "2001:db8:1:2::/64"


def came(database: Database, person: Person, *, is_known: bool, browser: str = "Firefox, Linux") -> bool:
    """Whether it was news."""
    with database.write() as session:
        who = session.get_one(Person, person.id)
        kind = SignInKind.PASSWORD
        return sign_ins.record_success(session, who, kind, browser=browser, network=HERE, is_known=is_known).is_new


def failed(database: Database, person_id: int | None, network: str, times: int = 1) -> None:
    with database.write() as session:
        for _ in range(times):
            sign_ins.record_failure(session, person_id, SignInKind.FAILED, browser="", network=network)


def rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(SignIn)) or 0


def has_news(database: Database, person: Person) -> bool:
    with database.read() as session:
        return session.get_one(Person, person.id).has_access_news


def test_a_second_browser_is_news_and_the_first_one_is_not(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    assert not came(any_database, rina, is_known=False)
    assert not came(any_database, rina, is_known=True)
    assert not has_news(any_database, rina)
    assert came(any_database, rina, is_known=False, browser="Chrome, Windows")
    assert has_news(any_database, rina)
    with any_database.read() as session:
        assert [row.is_new for row in sign_ins.latest(session, rina.id)] == [True, False, False]
        assert session.get_one(Person, rina.id).version == rina.version


def test_a_new_browser_is_told_once_in_the_chat_of_whoever_has_one(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session:
        people.link(session, session.get_one(Person, rina.id), 4001)
    came(any_database, rina, is_known=False)
    came(any_database, rina, is_known=False, browser="Chrome, Windows")
    came(any_database, rina, is_known=True, browser="Chrome, Windows")
    with any_database.read() as session:
        told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "reply.new_browser")).one()
        facts = NewBrowser.read(told.arguments)
    assert (told.chat_id, facts.browser, facts.network) == (4001, "Chrome, Windows", HERE)


def test_what_was_read_is_no_news_any_more(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session:
        sign_ins.note_news(session, rina.id)
    assert has_news(any_database, rina)
    with any_database.write() as session:
        sign_ins.mark_read(session, rina.id)
    assert not has_news(any_database, rina)


def test_failures_that_follow_one_another_share_a_row_of_their_network_and_person(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    failed(any_database, rina.id, HERE, 30)
    failed(any_database, None, HERE, 30)
    failed(any_database, rina.id, THERE)
    assert rows(any_database) == 3
    with any_database.read() as session:
        assert [row.count for row in sign_ins.latest(session, rina.id)] == [1, 30]
    with clock.travel(sign_ins.TOGETHER + timedelta(seconds=1)):
        failed(any_database, rina.id, HERE)
        assert rows(any_database) == 4


def test_strangers_who_fail_from_everywhere_do_not_push_sign_ins_out(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    came(any_database, rina, is_known=False)
    failed(any_database, None, "192.0.2.9")
    with any_database.write() as session:
        session.scalars(select(SignIn).order_by(SignIn.id.desc()).limit(1)).one().id = sign_ins.MOST_FAILURES * 2
    failed(any_database, None, "192.0.2.10")
    failed(any_database, None, "192.0.2.11")
    with any_database.read() as session:
        left = session.scalars(select(SignIn.network).order_by(SignIn.id)).all()
    assert HERE in left
    assert len(left) <= 4
