"""The tables of the database, from the models, and the pruning of their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

from common.database.models import Base
from common.operation.pruning import BATCH_SIZE, RULES, Rule
from docs.markdown import code, codes, sentence, span, table
from docs.source import comments

ABOUT = {
    "category": "A group of parts, named in three languages.",
    "part": "A part of the catalogue, named in three languages.",
}

NAMES = {  # of the columns' types
    "UtcDateTime": "time, UTC",
    "BigInteger": "integer",
    "Integer": "integer",
    "LargeBinary": "bytes",
    "String": "text",
    "Text": "text",
    "Enum": "code",
    "ReasonType": "code",
    "JSON": "JSON",
    "Boolean": "yes or no",
}


def tables() -> str:
    models = [mapper.class_ for mapper in Base.registry.mappers]
    return "\n\n".join(_heading(model) for model in sorted(models, key=lambda model: model.__tablename__))


def _heading(model: type[Base]) -> str:
    about, made = comments(model), model.metadata.tables[model.__tablename__]
    name_of = {column.name: model.__mapper__.get_property_by_column(column).key for column in made.columns}
    rows = ((code(c.name), _type(c), _key(c), about.get(name_of[c.name], "")) for c in made.columns)
    heads = ("Column", "Type", "Key", "Notes")
    said = sentence(model.__doc__) or ABOUT[model.__tablename__]
    return "\n\n".join((f"### {model.__tablename__}", said, table(heads, rows), *_together(made)))


def _together(made: Table) -> list[str]:
    """The columns that are unique only together."""
    groups = [list(one.columns) for one in made.constraints if isinstance(one, UniqueConstraint)]
    return [f"Unique together: {codes(column.name for column in group)}." for group in groups if len(group) > 1]


def _type(column: Column[Any]) -> str:
    kind = type(column.type).__name__
    return NAMES.get(kind, kind.lower()) + (" or null" if column.nullable else "")


def _key(column: Column[Any]) -> str:
    target = [f"→ {key.target_fullname}" for key in column.foreign_keys]
    unique = ["unique"] if column.unique else []
    return ", ".join([*(["primary"] if column.primary_key else []), *unique, *target])


def pruning() -> str:
    rows = ((code(rule.table.__tablename__), _which(rule), span(rule.after.total_seconds())) for rule in RULES)
    return table(("Table", "Rows", f"Go after (at most {BATCH_SIZE} a transaction)"), rows)


def _which(rule: Rule) -> str:
    matches = [str(match.compile(compile_kwargs={"literal_binds": True})) for match in rule.matches]
    time = getattr(rule.time, "key", "time")
    return f"{' and '.join(code(match) for match in matches) or 'all'}, counted from {code(time)}"
