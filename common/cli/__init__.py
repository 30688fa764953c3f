"""The `felix-hub` command, with which a station's host works from a shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from common import logs
from common.cli import access, demo, doctor, messages, person, quarantine, setup, staff, tokens
from common.cli.refusals import sentence
from common.database.engine import error_text, is_transient
from common.errors import FelixError
from common.settings.version import version

EXIT_REFUSED = 2  # argparse's own code for a command that cannot be carried out


def parser() -> argparse.ArgumentParser:
    """The whole command line; a test compares the reference page with it."""
    top = argparse.ArgumentParser(prog="felix-hub", description="Runs and repairs a Felix Hub station.")
    top.add_argument("--version", action="version", version=f"Felix Hub {version()}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (setup, staff, access, person, tokens, quarantine, messages, doctor, demo):
        module.add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 something is wrong (doctor), 2 refused, with one sentence."""
    chosen = parser().parse_args(arguments)
    logs.configure("WARNING")
    try:
        code: int = chosen.run(chosen)
    except FelixError as error:
        return _refuse(sentence(error))
    except DBAPIError as error:
        what = "does not answer" if is_transient(error) else "refuses it"
        return _refuse(f"The database {what}: {error_text(error)}")
    except KeyboardInterrupt:
        return _refuse("Interrupted.")
    return code


def _refuse(why: str) -> int:
    sys.stderr.write(f"felix-hub: {logs.mask(why)}\n")
    return EXIT_REFUSED
