"""Every time constant of the delivery machinery in one frozen place, in seconds.

The values depend on each other: a row's lease outlives the longest send, and the daemon trusts its own lease for less
time than it holds it. `Timing.check` refuses a combination that breaks a guarantee. Tests run the same code on
`scaled(0.1)`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from common.errors import SettingsError


@dataclass(frozen=True)
class Timing:
    poll: float = 1.0  # a lost ring delays work by at most this
    connect: float = 5.0  # connecting to Telegram
    send: float = 15.0  # one whole send, including the wait for a connection of the pool
    download: float = 60.0  # one whole file, 20 MB at most
    row_lease: float = 20.0  # a claimed outbox row belongs to its claimer
    lease: float = 10.0  # the daemon's lease
    trust: float = 8.0  # how long the holder trusts its lease without an answer of the database
    renew: float = 2.5
    heartbeat: float = 5.0
    step_budget: float = 1.0  # slower steps are logged
    stuck_database: float = 10.0  # a database thread blocked for this long ends the process
    frozen: float = 30.0  # an event loop that stands still for this long ends the process
    callback_answer: float = 3.0  # a press gets an empty answer if its step has given none by then
    retry_step: tuple[float, ...] = (0.2, 1.0)  # pauses between the three attempts of a step that raises
    horizon: float = 0.25  # how far ahead sends are claimed
    probe: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)  # between getMe calls after a network failure
    conflict: float = 30.0  # a poller that is refused (409) for this long exits
    long_poll: float = 25.0
    watch_webhook: float = 60.0
    undo: float = 10.0  # a move at the desk can be undone for this long, and its notice waits

    def scaled(self, factor: float) -> Timing:
        """The same machine, `factor` times as slow (0.1 is ten times as fast)."""

        def slower(value: float | tuple[float, ...]) -> Any:
            return tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor

        values = {f.name: slower(getattr(self, f.name)) for f in fields(self)}
        # Times that depend on the disk or the processor do not scale.
        values["step_budget"] = self.step_budget
        values["stuck_database"] = max(values["stuck_database"], min(self.stuck_database, 5.0))
        values["frozen"] = max(values["frozen"], min(self.frozen, 15.0))
        return replace(self, **values)

    def check(self) -> Timing:
        """These constants, if they keep the guarantees.

        Raises:
            SettingsError: a lease would end while its holder still acts on it.
        """
        rules = (
            (self.send < self.row_lease, "a row's lease must be longer than one send"),
            (self.trust < self.lease, "the trust window must be shorter than the daemon's lease"),
            (self.renew < self.trust, "the lease must be renewed within the trust window"),
            (self.stuck_database < self.frozen, "the watchdog must be faster than the end of a frozen process"),
            (self.connect < self.send, "connecting must be bounded below the whole send"),
        )
        for holds, rule in rules:
            if not holds:
                raise SettingsError(f"The time constants do not fit together: {rule}.")
        return self
