"""The daemon's memory over 50,000 updates: below 100 MB, and flat."""

from __future__ import annotations

import http.client

from benchmarks.setting.generator import burst, message_update
from benchmarks.setting.subjects import FIRST, Subject, our_daemon
from tests.stations.station import METRICS_TOKEN

UPDATES, STEPS, PERSONS = 50_000, 5, 500


def measure() -> list[str]:
    with our_daemon(PERSONS) as subject:
        points = [f"{subject.megabytes():.0f} MB at the start"]
        for step in range(1, STEPS + 1):
            _some(subject, UPDATES // STEPS)
            points.append(f"{subject.megabytes():.0f} MB after {step * UPDATES // STEPS:,}")
    return ["resident memory of the daemon: " + ", ".join(points)]


def _some(subject: Subject, count: int) -> None:
    """Send updates of known people that show the home screen, and wait until all are processed."""
    burst(subject.target, lambda n: message_update(FIRST + n % PERSONS, "/cancel"), count)
    host, port = subject.target.url.split("/")[2].split(":")

    def waiting() -> float:
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        text = connection.getresponse().read().decode()
        connection.close()
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("felix_inbox_depth "))

    subject.sandbox.wait_until(lambda: waiting() == 0, 600)
