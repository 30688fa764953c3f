"""Desks that stay up for all browser tests of one run: starting gunicorn takes longer than most of these tests."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from common.database.engine import Database
from tests.webapp.desks import environment
from tests.webapp.live_server import Served, serving


@dataclass
class Standing:
    """A desk for one combination of settings; its own database is as new for every test."""

    served: Served
    database: Database
    end: Callable[[], object]


class Desks:
    def __init__(self, template: Path, directory: Path) -> None:
        self._template, self._directory = template, directory
        self._by_settings: dict[frozenset[tuple[str, str]], Standing] = {}

    def as_new(self, settings: dict[str, str]) -> Standing:
        given = frozenset(settings.items())
        standing = self._by_settings.get(given)
        if standing is None:
            return self._by_settings.setdefault(given, self._start(settings))
        self._empty(standing.database)
        return standing

    def _start(self, settings: dict[str, str]) -> Standing:
        name = f"desk-{len(self._by_settings)}"
        path = self._directory / f"{name}.sqlite3"
        shutil.copyfile(self._template, path)
        url = f"sqlite:///{path}"
        process = serving(environment(url, **settings), self._directory / f"{name}.log")
        return Standing(process.__enter__(), Database(url), lambda: process.__exit__(None, None, None))

    def _empty(self, database: Database) -> None:
        """Restore every table to its state after the migration, while the desk has the file open.

        Only the revision keeps rising: pages and the desk's cache follow it, and do not expect it to fall.
        """
        with closing(sqlite3.connect(database.engine.url.database or "", timeout=10, isolation_level=None)) as file:
            file.execute("ATTACH ? AS template", (str(self._template),))
            tables = [name for (name,) in file.execute("SELECT name FROM template.sqlite_schema WHERE type = 'table'")]
            file.execute("BEGIN IMMEDIATE")
            (reached,) = file.execute("SELECT value FROM main.revision").fetchone()
            for name in tables:
                file.execute(f'DELETE FROM main."{name}"')
                file.execute(f'INSERT INTO main."{name}" SELECT * FROM template."{name}"')
            file.execute("UPDATE main.revision SET value = ?", (reached + 1,))
            file.execute("COMMIT")

    def close(self) -> None:
        for standing in self._by_settings.values():
            standing.end()
            standing.database.dispose()
