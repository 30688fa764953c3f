"""Once: a request of a program that names itself with an `Idempotency-Key` is carried out one time in a day.

The key's row is written in the transaction of what the request does, so both are there or neither is. Somebody else
with the same key waits for that transaction and then reads what it answered, on both databases: on SQLite there is
one writer at a time, on PostgreSQL the unique key makes the second insert wait for the first.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from common import clock
from common.database import rows
from common.database.models import ApiRequest
from common.errors import InvalidInput
from common.signing import digest

LIFE = timedelta(days=1)
MAX_KEY = 255


def begin_request(session: Session, token_id: int, key: str, asked: str) -> tuple[ApiRequest, bool]:
    """The row of this key, and whether it is new: then do it, and `store_answer` the answer in the same transaction.

    Args:
        asked: what is asked, in full; only its digest is stored.

    Raises:
        InvalidInput: `key_reused`: the key was used for something else.
    """
    row = _insert(session, token_id, digest(key), digest(asked))
    if row is not None:
        return row, True
    of_it = select(ApiRequest).where(ApiRequest.token_id == token_id, ApiRequest.key == digest(key))
    present = session.scalars(of_it).one()
    if present.created_at <= clock.utcnow() - LIFE:  # the sweep will come to it
        session.execute(delete(ApiRequest).where(ApiRequest.id == present.id))
        session.expunge(present)
        return begin_request(session, token_id, key, asked)
    if present.asked != digest(asked):
        raise InvalidInput("key_reused")
    return present, False


def _insert(session: Session, token_id: int, key: str, asked: str) -> ApiRequest | None:
    row = {"token_id": token_id, "key": key, "asked": asked, "created_at": clock.utcnow()}
    made = (
        rows.insert(session, ApiRequest)
        .values(row)
        .on_conflict_do_nothing(index_elements=["token_id", "key"])
        .returning(ApiRequest.id)
    )
    row_id = session.scalar(made)
    return session.get_one(ApiRequest, row_id) if row_id is not None else None


def store_answer(row: ApiRequest, status: int, answer: str | None, location: str = "") -> None:
    """What was answered, for whoever sends it again. `answer` None: it is shown once only."""
    row.status, row.answer, row.location = status, answer, location
