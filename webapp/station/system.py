"""The operator's page: running processes, waiting rows, mismatches. `/health/system` judges by the same values."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from common.i18n import N_
from common.messaging.doorbell import Doorbell
from common.operation import doctor
from common.operation.findings import Finding, Level
from common.permissions import Action
from webapp.station.system_state import SystemState, read_state
from webapp.web.access import needs
from webapp.web.context import Desk, desk

blueprint = Blueprint("system", __name__)
RECEIPT_WORDS = {"failed": N_("Failed"), "unreachable": N_("Unreachable"), "unknown": N_("Unknown")}
COUNTED_SECONDS = 90.0  # a younger heartbeat is shown in seconds


@dataclass(frozen=True)
class SystemPage:
    """The content of the operator's page."""

    state: SystemState
    findings: list[Finding]  # of the doctor
    is_demo: bool
    doorbell: Doorbell | None  # None: there is none in this arrangement
    doorbell_address: str
    stores_media_in_database: bool
    timezone: str
    streams: int  # open live streams

    receipt_words = RECEIPT_WORDS

    @property
    def arrangement(self) -> list[str]:
        return [finding.text for finding in self.findings if finding.check == "arrangement"]

    @property
    def troubles(self) -> list[str]:
        return [finding.text for finding in self.findings if finding.level is not Level.OK]

    @property
    def is_heartbeat_fresh(self) -> bool:
        """Whether the age of the daemon's heartbeat is shown in seconds."""
        return self.state.daemon_age is not None and self.state.daemon_age < COUNTED_SECONDS


@blueprint.get("/system")
@needs(Action.SYSTEM_SEE)
def page() -> str:
    findings = doctor.examine(desk().database, desk().settings)
    with desk().database.read() as session:
        return render_template("station/system.html", page=_read_page(session, desk(), findings))


def _read_page(session: Session, own: Desk, findings: list[Finding]) -> SystemPage:
    state, settings = read_state(session, own.database), own.settings
    return SystemPage(
        state=state,
        findings=findings,
        is_demo=settings.demo,
        doorbell=own.doorbell if settings.doorbell_secret else None,
        doorbell_address=settings.doorbell_url or (state.leader.doorbell_url if state.leader else "") or "?",
        stores_media_in_database=settings.media_store == "database",
        timezone=str(settings.station_timezone),
        streams=own.hub.streams,
    )
