"""The names of the catalogue's parts, by which texts are read. The process keeps them until the catalogue changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.catalogue.built import BuiltFromCatalogue
from common.database.models import Category, Part
from common.understanding.names import NamedPart, Names


def _named_parts(session: Session) -> Sequence[NamedPart]:
    live = (
        select(Part)
        .join(Category)
        .where(Part.archived_at.is_(None), Category.archived_at.is_(None))
        .order_by(Category.position, Part.position)
    )
    return [
        NamedPart(
            part.id,
            part.code,
            part.names,
            tuple(part.synonyms),
            unit=part.unit,
            positions=frozenset(part.positions),
            attributes=frozenset(part.attributes),
            flags=frozenset(part.flags),
        )
        for part in session.scalars(live)
    ]


NAMES = BuiltFromCatalogue("names of parts", _named_parts, Names)
