"""Imports a catalogue file: it is examined first, kept for a day, then its good rows are loaded, some at a time.

An empty cell changes nothing. A part is identified by its code, else by a name that only it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import audit, clock
from common.catalogue.imports import catalogue_file
from common.catalogue.imports.catalogue_file import Cells
from common.catalogue.imports.import_run import ImportRun, RowOutcome, RowVerdict
from common.database.engine import bump_revision
from common.database.models import CatalogueImport
from common.errors import NotFound
from common.permissions import Action, Actor, require
from common.spreadsheets.table_reader import Table

KEPT_FOR = timedelta(days=1)
MOST_FILENAME = 120
PORTION = 500  # rows of one transaction, 0.2 s: others want to write, too


@dataclass(frozen=True)
class Examined:
    """A file's rows, with the outcomes to expect."""

    rows: list[tuple[int, Cells]]
    verdicts: list[RowVerdict]


def examine(session: Session, actor: Actor, table: Table) -> Examined:
    """Examine a file, without changing anything. It takes half a second at worst: call it in a session that only reads.

    Raises:
        Forbidden. InvalidInput: see `catalogue_file.rows`.
    """
    require(actor, Action.CATALOGUE_CHANGE)
    rows = catalogue_file.rows(table)
    return Examined(rows, list(ImportRun(session).walk(rows)))


def keep(session: Session, actor: Actor, examined: Examined, filename: str) -> CatalogueImport:
    """Keep an examined file, to be loaded later. Raises: Forbidden."""
    require(actor, Action.CATALOGUE_CHANGE)
    now = clock.utcnow()
    kept = CatalogueImport(
        person_id=actor.person_id,
        filename="".join(c for c in filename if c.isprintable())[-MOST_FILENAME:],
        rows=[[number, cells] for number, cells in examined.rows],
        created_at=now,
        expires_at=now + KEPT_FOR,
        result={"verdicts": [vars(verdict) for verdict in examined.verdicts]},
    )
    session.add(kept)
    session.flush()
    return kept


def get(session: Session, actor: Actor, import_id: int, *, lock: bool = False) -> CatalogueImport:
    """The actor's own import, while it is kept. Raises: NotFound."""
    wanted = select(CatalogueImport).where(CatalogueImport.id == import_id)
    kept = session.scalar(wanted.with_for_update() if lock else wanted)
    if kept is None or kept.person_id != actor.person_id or kept.expires_at <= clock.utcnow():
        raise NotFound("import", import_id)
    return kept


def verdicts(kept: CatalogueImport) -> list[RowVerdict]:
    """The expected outcome of each row, or the actual one after loading."""
    return [RowVerdict(**{**each, "outcome": RowOutcome(each["outcome"])}) for each in kept.result["verdicts"]]


def outcome_counts(found: Iterable[RowVerdict]) -> dict[RowOutcome, int]:
    counted = Counter(verdict.outcome for verdict in found)
    return {outcome: counted[outcome] for outcome in RowOutcome}


def rows_loaded(kept: CatalogueImport) -> int:
    """How many of its rows were worked off, good and bad ones."""
    return int(kept.result.get("done", 0))


def load(session: Session, actor: Actor, import_id: int) -> CatalogueImport:
    """Load the next portion of good rows into the present catalogue. `loaded_at` is set with the last one: then a
    further call changes nothing. Raises: NotFound, Forbidden.
    """
    require(actor, Action.CATALOGUE_CHANGE)
    kept = get(session, actor, import_id, lock=True)
    if kept.loaded_at is not None:
        return kept
    begun = rows_loaded(kept)
    run = ImportRun(session, actor, kept.result.get("seen", ()))
    done = list(run.walk([(number, cells) for number, cells in kept.rows[begun : begun + PORTION]]))
    run.record()
    end = begun + len(done)
    outcomes = [*kept.result["verdicts"][:begun], *map(vars, done), *kept.result["verdicts"][end:]]
    kept.result = {"verdicts": outcomes, "done": end, "seen": sorted(run.seen)}
    if end == len(kept.rows):
        _finish(session, actor, kept)
    bump_revision(session)
    return kept


def _finish(session: Session, actor: Actor, kept: CatalogueImport) -> None:
    kept.loaded_at = clock.utcnow()
    number = outcome_counts(verdicts(kept))
    told = {"added": number[RowOutcome.ADDED], "changed": number[RowOutcome.CHANGED], "bad": number[RowOutcome.BAD]}
    audit.record(session, actor, "catalogue.imported", subject_id=kept.id, name=kept.filename, arguments=told)
