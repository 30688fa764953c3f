"""Idempotency: an API request with an `Idempotency-Key` is carried out only once within a day.

The key's row is written in the request's own transaction, so both are stored or neither is. A second request with the
same key waits for that transaction and then reads its answer. This holds on both databases: SQLite has one writer at a
time, and on PostgreSQL the unique key makes the second insert wait for the first.
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
    """The row of this key, and whether it is new: then run the request, and call `store_answer` in its transaction.

    Args:
        asked: the whole request; only its digest is stored.

    Raises:
        InvalidInput: `key_reused`: the key was used for another request.
    """
    row = _insert(session, token_id, digest(key), digest(asked))
    if row is not None:
        return row, True
    of_it = select(ApiRequest).where(ApiRequest.token_id == token_id, ApiRequest.key == digest(key))
    present = session.scalars(of_it).one()
    if present.created_at <= clock.utcnow() - LIFE:  # expired, not yet pruned
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
    """Store the answer for a repeated request. `answer` None: the answer is shown only once."""
    row.status, row.answer, row.location = status, answer, location
