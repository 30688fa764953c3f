"""Fault scripts: the fault, its calls or deliveries, and how often it happens. Data, not code."""

import asyncio
import random
from dataclasses import dataclass, field

import msgspec

from sandbox.errors import SandboxRefusal
from sandbox.values import Json

# The action, and whether the call still takes effect (a script can override this with `effect`).
CALL_ACTIONS: dict[str, bool] = {
    "429": False,
    "401": False,
    "403": False,
    "409": False,
    "500": False,
    "502html": False,
    "200html": False,
    "hang": False,
    "slow": True,
    "reset_before": False,
    "reset_after": True,
    "truncated": True,
    "blocked": False,
    "deactivated": False,
    "migrated": False,
    "400": False,
}
DUPLICATING = frozenset({"duplicate"})  # strikes an update, once; the others strike an attempt to deliver one
ATTEMPTS = frozenset({"delay", "drop_answer", "error", "hold"})
DELIVERY_ACTIONS = DUPLICATING | ATTEMPTS


@dataclass(slots=True, eq=False)
class Fault:
    """`method` is one name, several with commas, or "*"; `times` None means always; `rate` is the share of matching
    calls that fail; `seconds` are real seconds."""

    id: int
    action: str
    method: str = "*"
    chat: int | None = None
    times: int | None = 1
    rate: float = 1.0
    seconds: float = 5.0
    retry_after: int = 3
    effect: bool = False
    text: str | None = None
    after: int = 0  # let this many matching calls pass first
    hits: int = 0
    lifted: asyncio.Event = field(default_factory=asyncio.Event)  # set when removed: hanging calls go on

    def concerns(self, method: str) -> bool:
        return self.method == "*" or method.lower() in self.method.lower().split(",")

    def view(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__ if name != "lifted"}


_OURS = {"id", "hits", "lifted"}


class FaultScript:
    """The faults in force, tried in the order they were added."""

    def __init__(self, actions: frozenset[str], seed: int = 1) -> None:
        self.actions = actions
        self.faults: list[Fault] = []
        self._played: list[Fault] = []  # used up, but perhaps still hanging
        self._random = random.Random(seed)
        self._next_id = 1

    def add(self, script: Json) -> Fault:
        """Raise SandboxRefusal for an unknown action or field, and for a value that does not fit its field."""
        action = str(script.get("action"))
        if action not in self.actions:
            raise SandboxRefusal(f"unknown action {action!r}; known: {', '.join(sorted(self.actions))}")
        unknown = set(script) - (set(Fault.__slots__) - _OURS)
        if unknown:
            raise SandboxRefusal(f"unknown field {unknown.pop()!r} of a fault")
        given = {name: value for name, value in script.items() if value is not None or name in ("times", "chat")}
        given.setdefault("effect", CALL_ACTIONS.get(action, False))
        try:
            fault = msgspec.convert(given | {"id": self._next_id}, Fault)
        except msgspec.ValidationError as error:
            raise SandboxRefusal(f"the fault does not fit: {error}") from error
        self._next_id += 1
        self.faults.append(fault)
        return fault

    def remove(self, fault_id: int) -> bool:
        """Remove a fault. Returns whether it existed, in force or hanging."""
        found = [fault for fault in self.faults + self._played if fault.id == fault_id]
        for fault in found:
            fault.lifted.set()
        self.faults = [fault for fault in self.faults if fault.id != fault_id]
        return bool(found)

    def clear(self) -> None:
        for fault in self.faults + self._played:
            fault.lifted.set()
        self.faults, self._played = [], []

    def match(self, method: str, chat_id: int | None, actions: frozenset[str] | None = None) -> Fault | None:
        """The fault for this call or delivery, counted as used; with `actions`, only one of these."""
        for fault in self.faults:
            if not fault.concerns(method) or (actions is not None and fault.action not in actions):
                continue
            if fault.chat is not None and fault.chat != chat_id:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.rate < 1.0 and self._random.random() >= fault.rate:
                continue
            return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault:
        fault.hits += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
                self._played = [*self._played[-99:], fault]
        return fault
