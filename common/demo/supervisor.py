"""The demo's processes under honcho: started together, stopped in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import urllib3
from honcho.environ import parse_procfile
from honcho.manager import Manager

PROCFILE = Path(__file__).parents[2] / "Procfile.demo"
LAST = "telegram"  # stopped after the others, because it answers the daemon's last sends
READY_WITHIN = 60.0  # seconds
LOOK_EVERY = 0.2


class Supervisor(Manager):  # type: ignore[misc]
    """Runs a Procfile. `when_ready` is called once all health pages answer, with the names of the silent processes."""

    _terminating: bool

    def __init__(
        self, environment: Mapping[str, str], health: Mapping[str, str], when_ready: Callable[[list[str]], None]
    ) -> None:
        super().__init__()
        self._health, self._when_ready = dict(health), when_ready
        self._over = threading.Event()
        for name, command in parse_procfile(PROCFILE.read_text()).processes.items():
            self.add_process(name, command, env=dict(environment))

    def _start(self) -> None:
        super()._start()  # it forks, so no thread may be running before
        threading.Thread(target=self._watch, name="readiness", daemon=True).start()

    def _watch(self) -> None:
        waiting, steps = self._health, int(READY_WITHIN / LOOK_EVERY)
        for _ in range(steps):
            waiting = {name: url for name, url in waiting.items() if not _is_well(url)}
            if not waiting or self._over.wait(LOOK_EVERY):
                break
        if not self._over.is_set():
            self._when_ready(list(waiting))

    def terminate(self) -> None:
        """Ask all processes except the last one to stop."""
        if not self._terminating:
            self._over.set()
            self._terminating = True
            self._ask([name for name in self._processes if name != LAST])

    def _all_stopped(self) -> bool:
        """Checked in every round of honcho's loop: the last process is stopped when the others are gone."""
        others = [process for name, process in self._processes.items() if name != LAST]
        if self._terminating and all("returncode" in process for process in others):
            self._ask([LAST])
        return bool(super()._all_stopped())

    def _ask(self, names: list[str]) -> None:
        for name in names:
            process = self._processes[name]
            if "pid" in process and "returncode" not in process and not process.get("asked"):
                process["asked"] = True
                self._procmgr.terminate(process["pid"])


def _is_well(url: str) -> bool:
    try:
        return urllib3.request("GET", url, timeout=1.0, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False
