"""The gunicorn worker of the desk: gunicorn's processes, signals and settings around `Front`."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from gunicorn.workers.base import Worker

from webapp.server.front import Front
from webapp.server.limits import Limits, allowed_connections
from webapp.web import form_limits
from webapp.web.context import settings_of


class FrontWorker(Worker):
    """One process of the desk."""

    def run(self) -> None:
        Front(self, limits_of(self.wsgi, allowed_connections()), form_limits.largest(self.wsgi)).run()


def limits_of(app: Flask, connections: int) -> Limits:
    """The limits of this application's front."""
    return replace(Limits(), connections=connections, behind_proxies=settings_of(app).trusted_proxies > 0)
