"""How gunicorn runs the desk: one process, a thread for each whole request and each open board.

Run: gunicorn -c python:webapp.gunicorn_conf webapp.wsgi:app
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType
from typing import Any

from sqlalchemy.exc import DBAPIError

from common.catalogue import search
from webapp.web.context import EXTENSION
from webapp.web.live import THREADS

log = logging.getLogger(__name__)

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
    worker.wsgi.extensions[EXTENSION].schema_watch.start()
    threading.Thread(target=_prepare_search, args=(worker,), name="search index", daemon=True).start()


def worker_exit(_server: Any, worker: Any) -> None:
    """Do what was to be done after the last answers."""
    if worker.booted:
        worker.wsgi.extensions[EXTENSION].schema_watch.shutdown()
        worker.wsgi.extensions[EXTENSION].afterwards.shutdown()


def _prepare_search(worker: Any) -> None:
    """Build the index of parts before anybody searches. Without a database, the first search builds it."""
    try:
        with worker.wsgi.extensions[EXTENSION].database.read() as session:
            read = search.INDEX.read(session)
    except DBAPIError as error:
        log.warning("The index of parts is built by the first search: %s", type(error).__name__)
    else:
        search.INDEX.build(read)
