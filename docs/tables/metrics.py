"""Every metric: the daemon's from its registry, the desk's from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from prometheus_client import Metric

from bot_daemon.runtime.metrics import REGISTRY
from docs.markdown import code, codes, table
from docs.source import calls, words
from webapp.station.metrics import GAUGES

HEADS = ("Metric", "Kind", "Labels", "Meaning")


def daemon_metrics() -> Iterator[tuple[str, str, list[str], str]]:
    """Name in the scrape, kind, labels, meaning."""
    for collector in REGISTRY._collector_to_names:
        for metric in _described(collector):
            name = f"{metric.name}_total" if metric.type == "counter" else metric.name
            yield name, metric.type, list(getattr(collector, "_labelnames", ())), metric.documentation


def _described(collector: object) -> list[Metric]:
    return list(collector.describe())  # type: ignore[attr-defined]


def web_metrics() -> Iterator[tuple[str, str, list[str], str]]:
    for _, call in calls("webapp", "GaugeMetricFamily"):
        told = words(call)
        if told:
            yield told[0], "gauge", _labels(call), told[1]
    for name, about in GAUGES.items():
        yield name, "gauge", [], about


def _labels(call: ast.Call) -> list[str]:
    return [label for given in call.keywords if given.arg == "labels" for label in ast.literal_eval(given.value)]


def daemon() -> str:
    return table(HEADS, ((code(name), kind, codes(labels), about) for name, kind, labels, about in daemon_metrics()))


def web() -> str:
    return table(HEADS, ((code(name), kind, codes(labels), about) for name, kind, labels, about in web_metrics()))
