"""Named instructions at which the fault tests kill a process as a power cut would: nothing is flushed or handled.

`CRASH_AT=step.after_commit` dies at the first arrival, `CRASH_AT=step.after_commit:3` at the third. Without the
variables a point costs two comparisons. `HANG_AT=step.before_commit` waits there forever instead, like an endless
computation.
"""

from __future__ import annotations

import os
import signal
import threading

_name, _, _count = os.environ.get("CRASH_AT", "").partition(":")
_left = int(_count) if _count.isdigit() else 1
_lock = threading.Lock()
_hang = os.environ.get("HANG_AT", "")


def reach(name: str) -> None:
    """Die or hang here if the environment asks for it."""
    global _left
    if name == _hang:
        threading.Event().wait()
    if name != _name:
        return
    with _lock:
        _left -= 1
        if _left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
