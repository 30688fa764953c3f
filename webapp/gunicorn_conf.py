"""How gunicorn runs the desk: one process, a thread for each whole request and each open board.

Run: gunicorn -c python:webapp.gunicorn_conf webapp.wsgi:app
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

from webapp.web.context import EXTENSION
from webapp.web.live import THREADS

bind = f"0.0.0.0:{os.environ.get('PORT') or '8080'}"
workers = 1
worker_class = "webapp.server.worker.FrontWorker"
threads = THREADS
keepalive = 30  # longer than the pages' polling interval; else each poll would open a new connection
graceful_timeout = 10
timeout = 60
control_socket_disable = True  # a second gunicorn of the same user would use the same path
accesslog = None


def post_worker_init(worker: Any) -> None:
    """End the live streams when the process is told to stop: each would delay it for the whole grace period."""
    hub = worker.wsgi.extensions[EXTENSION].hub
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        before = signal.getsignal(number)

        def stop(signum: int, frame: FrameType | None, before: Any = before) -> None:
            hub.shutdown()
            if callable(before):
                before(signum, frame)

        signal.signal(number, stop)
