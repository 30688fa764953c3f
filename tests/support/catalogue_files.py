"""Catalogue files as the desk takes them: examined, then kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from common.catalogue.imports import catalogue_import
from common.database.models import CatalogueImport
from common.permissions import Actor
from common.spreadsheets.table_reader import Table


def looked_through(session: Session, actor: Actor, table: Table, filename: str) -> CatalogueImport:
    return catalogue_import.keep(session, actor, catalogue_import.examine(session, actor, table), filename)
