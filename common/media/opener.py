"""Opens untrusted pictures in another process (`common/media/thumbnail.py`), which has no secrets and may crash.

Both callers share this module: the daemon waits for the process on its loop, the desk waits in a thread.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from common.errors import InvalidInput

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("thumbnail.py")  # not imported: Pillow stays out of this process
PASSED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")  # the only variables of ours that the process gets
TIMEOUT = 20.0  # seconds
SMALL = 480  # pixels of a thumbnail's longer side
LARGE = 2560  # of a photo we send: Telegram shrinks larger ones
MAX_RESULT = 8 << 20  # bytes; the Bot API takes 10 MB as a photo

REFUSALS = {3: "damaged", 4: "too_many_pixels"}  # by the program's exit code


class OpenerFailed(Exception):
    """The process failed without an outcome: the cause may be the picture or the machine."""


def command(side: int, program: Path = PROGRAM) -> list[str]:
    """The command that shrinks a picture to at most `side` pixels; isolated from our package and user directories."""
    return [sys.executable, "-I", "-B", str(program), str(side)]


def environment() -> dict[str, str]:
    """The environment that the process gets."""
    return {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}


def outcome(code: int | None, made: bytes) -> bytes | str:
    """A JPEG, or the reason why there is none: `damaged`, `too_many_pixels`.

    Raises: OpenerFailed.
    """
    if code == 0 and 0 < len(made) <= MAX_RESULT:
        return made
    if code in REFUSALS:
        return REFUSALS[code]
    raise OpenerFailed(f"exit code {code}")


def shrink_picture(body: bytes, side: int) -> bytes:
    """The picture as an upright JPEG with pixels only (no place, no time, no camera).

    Raises:
        InvalidInput: `photo_damaged`, `photo_too_many_pixels`, `photo_unopened`: the process failed without an
        outcome.
    """
    try:
        done = subprocess.run(  # noqa: S603 our own program
            command(side), input=body, capture_output=True, env=environment(), timeout=TIMEOUT, check=False
        )
        made = outcome(done.returncode, done.stdout)
    except (subprocess.TimeoutExpired, OpenerFailed) as error:
        log.warning("A photo could not be opened: %s", error)
        raise InvalidInput("photo_unopened") from None
    if isinstance(made, str):
        raise InvalidInput(f"photo_{made}")
    return made
