"""The gunicorn worker of the desk: gunicorn's processes, signals and settings around `Front`."""

from __future__ import annotations

from dataclasses import replace

from gunicorn.workers.base import Worker

from webapp.server.front import Front
from webapp.server.limits import Limits, allowed_connections
from webapp.web import form_limits


class FrontWorker(Worker):
    """One process of the desk."""

    def run(self) -> None:
        limits = replace(Limits(), connections=allowed_connections())
        Front(self, limits, form_limits.largest(self.wsgi)).run()
