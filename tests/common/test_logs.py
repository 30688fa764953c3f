"""No log line and no traceback holds a token."""

from __future__ import annotations

import subprocess
import sys

from common.logs import MASK, mask

TOKEN = "700100200:AAfelixTestTokenOfThirtyFiveCharact"
FAILING = f"""
import logging
from common import logs
logs.configure("INFO")
logging.getLogger("x").warning("asked %s", "https://api.telegram.org/bot{TOKEN}/getMe")
try:
    raise OSError("POST /bot{TOKEN}/sendMessage")
except OSError:
    logging.getLogger("x").exception("failed")
logging.getLogger("httpx").info("quiet please")
def die():
    raise RuntimeError("bot{TOKEN}")
import threading
thread = threading.Thread(target=die)
thread.start()
thread.join()
die()
"""


def test_what_looks_like_a_token_is_masked_wherever_it_stands() -> None:
    assert mask(f"/bot{TOKEN}/getMe") == f"/bot{MASK}/getMe"
    assert mask("order 12:30, chat 1001") == "order 12:30, chat 1001"


def test_a_process_writes_no_token_to_its_log_not_even_when_it_dies_of_an_error() -> None:
    died = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, timeout=60)
    assert died.returncode == 1
    assert TOKEN not in died.stderr
    assert died.stderr.count(MASK) == 4  # the line, the logged error, the thread's and the last one
    assert "quiet please" not in died.stderr
