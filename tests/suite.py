"""The whole suite, as `make test` runs it: `python -m tests.suite [what pytest takes]`.

Tests with a browser mostly wait for it, and no test of an event loop can run in their process. So they are a run of
their own beside the other tests, and its report comes after theirs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from tests.conftest import BROWSER

NOTHING_FOUND = 5  # pytest's exit code when `-k` fits none; the other run may have found some
PYTEST = (sys.executable, "-m", "pytest", "--dist", "worksteal")
OTHERS = ("-n", "4", "-m", "not browser")
# To collect all other tests once more would take a tenth of the time of this run.
WITH_BROWSER = ("-n", "1", "-m", "browser", *BROWSER)


def main(arguments: list[str]) -> int:
    """Returns pytest's exit code: of the other tests if they fail, else of those with a browser."""
    with tempfile.TemporaryFile() as report:
        beside = subprocess.Popen([*PYTEST, *WITH_BROWSER, *arguments], stdout=report, stderr=subprocess.STDOUT)
        try:
            others = subprocess.run([*PYTEST, *OTHERS, *arguments], check=False).returncode
            with_browser = beside.wait()
        finally:
            beside.terminate()
            report.seek(0)
            sys.stdout.write(report.read().decode(errors="replace"))
    ended = [code for code in (others, with_browser) if code != NOTHING_FOUND] or [NOTHING_FOUND]
    return next((code for code in ended if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
