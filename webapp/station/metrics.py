"""Prometheus metrics of the desk and of the database's content. They need METRICS_TOKEN as a bearer token."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from common.orders import reading
from webapp.station.metrics_token import has_metrics_token
from webapp.station.system_state import SystemState, read_state
from webapp.web.access import exempt
from webapp.web.context import Desk, desk

blueprint = Blueprint("metrics", __name__)

GAUGES: dict[str, str] = {
    "felix_web_streams": "Open live streams of this process.",
    "felix_doorbell_rung": "Rings that were answered, since the start of this process.",
    "felix_doorbell_missed": "Rings that nobody answered.",
    "felix_doorbell_skipped": "Rings not tried: no doorbell, or it failed a moment ago.",
    "felix_outbox_depth": "Messages that wait to be sent.",
    "felix_outbox_oldest_seconds": "Age of the oldest message that is due.",
    "felix_inbox_depth": "Updates that wait to be worked off.",
    "felix_inbox_oldest_seconds": "Age of the oldest of them.",
    "felix_inbox_quarantined": "Updates in quarantine.",
    "felix_daemon_heartbeat_age_seconds": "Age of the daemon's last heartbeat; absent when there never was one.",
}


class DeskCollector(Collector):
    """Reads every value at the scrape, so that values are right after a restart and for several processes."""

    def __init__(self, source: Desk) -> None:
        self._source = source

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._source.database.read() as session:
            state = read_state(session, self._source.database)
            counts = reading.count_by_state(session)
        orders = GaugeMetricFamily("felix_orders", "Orders by state.", labels=["state"])
        for order_state, count in counts.items():
            orders.add_metric([order_state.value], count)
        lost = GaugeMetricFamily("felix_messages_undelivered", "Messages that did not arrive.", labels=["receipt"])
        for receipt, count in state.undelivered.items():
            lost.add_metric([receipt], count)
        yield from (orders, lost)
        for name, value in _gauge_values(self._source, state).items():
            if value is not None:
                yield GaugeMetricFamily(name, GAUGES[name], value=value)


def _gauge_values(source: Desk, state: SystemState) -> dict[str, float | None]:
    return {
        "felix_web_streams": source.hub.streams,
        "felix_doorbell_rung": source.doorbell.rung,
        "felix_doorbell_missed": source.doorbell.missed,
        "felix_doorbell_skipped": source.doorbell.skipped,
        "felix_outbox_depth": state.outbox_depth,
        "felix_outbox_oldest_seconds": state.outbox_age.total_seconds(),
        "felix_inbox_depth": state.inbox_depth,
        "felix_inbox_oldest_seconds": state.inbox_age,
        "felix_inbox_quarantined": state.quarantined,
        "felix_daemon_heartbeat_age_seconds": state.daemon_age,
    }


@blueprint.get("/metrics")
@exempt
def page() -> Response:
    if not has_metrics_token():
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(DeskCollector(desk()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
