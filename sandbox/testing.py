"""`running()`: an emulator of your own on a free port, for the length of a `with` block or a fixture."""

import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sandbox.client import Sandbox, SandboxError

READY_WITHIN = 10.0
STOP_WITHIN = 5.0


@contextmanager
def running(
    port: int = 0, limits: bool = False, time_scale: float = 1.0, args: Sequence[str] = (), own_api_port: bool = False
) -> Iterator[Sandbox]:
    """Start `python -m sandbox`, yield its client (`.url` is the Bot API's base), stop it and leave nothing.

    With `own_api_port` the Bot API's base is `.api_url`, and a cut network refuses connections there.
    Raises SandboxError when it is not ready within 10 s.
    """
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--time-scale", str(time_scale)]
    command += ["--limits" if limits else "--no-limits", *(["--api-port", "0"] if own_api_port else []), *args]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    sandbox: Sandbox | None = None
    try:
        sandbox = Sandbox(_address(process))
        yield sandbox
    finally:
        if sandbox is not None:
            sandbox.close()
        _stop(process)


def _address(process: subprocess.Popen[bytes]) -> str:
    """The first line that the process prints, as soon as it listens."""
    assert process.stdout is not None
    deadline = time.monotonic() + READY_WITHIN
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(deadline - time.monotonic()):
            raise SandboxError(f"the emulator is not ready after {READY_WITHIN} s")
    line = process.stdout.readline().decode().strip()
    if not line:
        raise SandboxError(f"the emulator ended with exit code {process.wait()}")
    return line


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
