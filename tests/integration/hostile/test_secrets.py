"""The token is in the request line to Telegram and nowhere else: searched for after everything that could leak it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic
from tests.integration import dump
from tests.integration.crowd import hire_many, orders_in_work
from tests.integration.test_quarantine import felix_hub, set_names
from tests.stations.station import DOORBELL_SECRET, METRICS_TOKEN, SECRET_KEY, TOKEN, WEBHOOK_SECRET, Station
from tests.support.cast import AVI, DIMA, PASSWORD, hire
from tests.support.waiting import eventually

PRIVATE = {
    "the token": TOKEN,
    "the token's secret part": TOKEN.partition(":")[2],
    "the token, quoted": TOKEN.replace(":", "%3A"),
    "the webhook's secret": WEBHOOK_SECRET,
    "the doorbell's secret": DOORBELL_SECRET,
    "the key of the desk": SECRET_KEY,
    "the token of the metrics": METRICS_TOKEN,
    "a password": PASSWORD,
}
FAULTS = ("hang", "reset_before", "reset_after", "truncated", "500", "502html", "200html", "429", "400", "403")
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
TRUSTED = {"Authorization": f"Bearer {METRICS_TOKEN}"}


def assert_clean(where: str, text: str) -> None:
    found = [name for name, secret in PRIVATE.items() if secret in text]
    assert not found, f"{where} holds {found}"


def test_no_secret_is_in_any_log_row_page_or_metric_after_everything_went_wrong(
    open_station: OpenStation, database_url: str
) -> None:
    here = open_station(database_url, extra={"LOG_LEVEL": "debug", "SEND_RATE": "300"}, time_scale=0.1)
    _web, daemon = here.open()
    hire(here.database, DIMA)
    hire(here.database, AVI, password=PASSWORD)
    Mechanic(here.sandbox, DIMA).order("gizmo")
    everything_goes_wrong(here)
    here.wait_settled()
    daemon.terminate()
    assert daemon.exit_code() == 0
    here.start_daemon()

    for table, rows in dump.everything(here.database).items():
        assert_clean(f"table {table}", "\n".join(rows))
    for where, text in pages(here):
        assert_clean(where, text)
    for process in here.started:
        assert_clean(process.log.name, process.said())
    assert "Traceback" in here.logs(), "nothing went wrong that would have shown"
    assert "got no answer" in here.logs()


def everything_goes_wrong(here: Station) -> None:
    """Each fault of the line once while messages leave, and a step that raises."""
    for number, action in enumerate(FAULTS):
        here.sandbox.faults.add(action=action, times=3, seconds=0.2, retry_after=1)
        orders_in_work(here, hire_many(here, 3, first=31_001 + 10 * number))
        eventually(lambda: not here.sandbox.faults.list(), 20, f"{action} was met")
        here.sandbox.faults.clear()
    here.sandbox.network(up=False)
    orders_in_work(here, hire_many(here, 3, first=32_001))
    eventually(lambda: "NotSent" in here.logs() or "ClientConnectorError" in here.logs(), 20, "the line is cut")
    here.sandbox.network(up=True)
    a_step_raises(here)


def a_step_raises(here: Station) -> None:
    dima = Mechanic(here.sandbox, DIMA)
    dima.press("New order")
    dima.press_data(":category:1:0")
    dima.sees_button(":part:1")
    here.wait_settled()
    set_names(here, 1, ["no", "names"])
    dima.press_data(":part:1")
    eventually(lambda: "is in quarantine" in here.logs(), 20, "the quarantine")
    set_names(here, 1, {"ru": "a", "he": "b", "en": "c"})
    row = felix_hub(here, "quarantine", "list").split()[0]
    assert_clean("felix-hub", felix_hub(here, "quarantine", "show", row))


def pages(here: Station) -> Iterator[tuple[str, str]]:
    """Every page that a manager reaches by links, and what the programs read."""
    for process in here.started[-1], here.started[0]:
        for path in ("/metrics", "/health/live", "/health/ready", "/health/system"):
            yield f"{process.name} {path}", process.get(path, TRUSTED)[1].decode()
    desk = Desk(here.web_port)
    desk.sign_in(AVI)
    seen: set[str] = set()
    waiting = ["/", "/orders", "/orders/1", "/people", "/system", "/account", "/login", "/nothing-here"]
    while waiting:
        path = waiting.pop()
        if path in seen or path in ("/events", "/logout") or len(seen) > 60:
            continue
        seen.add(path)
        text = desk.get(path).text if not path.startswith(("/static", "/media")) else ""
        yield path, text
        waiting += LINK.findall(text)
    assert len(seen) > 10
