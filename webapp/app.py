"""The desk's composition root: it builds the parts of the desk in order."""

from __future__ import annotations

from flask import Flask

from common.database.engine import Database
from common.database.schema_watch import SchemaWatch
from common.messaging import leases
from common.messaging.doorbell import Doorbell
from common.settings.config import WebSettings
from webapp import catalogue, orders, people, serving, station, talk
from webapp.api import reference
from webapp.api.routes import make_blueprint
from webapp.web import access, form_limits, headers, languages, numbers, races, scripts
from webapp.web.callers import client, hosts, origin, sessions
from webapp.web.callers.afterwards import Afterwards
from webapp.web.context import EXTENSION, Desk, check_schema
from webapp.web.live import Hub
from webapp.web.page_cache import PageCache
from webapp.wording import error_pages, template_context


def create_app(settings: WebSettings, database: Database | None = None) -> Flask:
    """The desk as a WSGI application. Call it after any fork: it creates the database engine."""
    app = Flask("webapp")
    app.config["MAX_CONTENT_LENGTH"] = form_limits.MAX_FORM
    database = database or Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    app.extensions[EXTENSION] = open_desk(settings, database)

    numbers.install(app)
    client.install(app, settings.trusted_proxies)
    headers.install(app, https=app.extensions[EXTENSION].is_https)
    error_pages.install(app)
    languages.install(app)
    template_context.install(app)
    hosts.install(app)
    app.before_request(check_schema)
    app.before_request(sessions.identify)
    app.before_request(languages.activate_language)
    app.before_request(form_limits.check_limits)
    app.before_request(sessions.identify_again)
    app.before_request(origin.check_origin)
    app.before_request(sessions.guard)
    app.teardown_request(languages.deactivate_language)

    for room in (orders, serving, talk, people, catalogue, station):
        for blueprint in room.BLUEPRINTS:
            app.register_blueprint(blueprint)
    app.register_blueprint(scripts.blueprint)
    app.register_blueprint(make_blueprint())
    app.register_blueprint(reference.blueprint)
    access.exempt(app.view_functions["static"])
    access.check_marks(app)
    races.install(app)
    return app


def open_desk(settings: WebSettings, database: Database) -> Desk:
    """Open the application's resources: database, doorbell of the daemon, live streams, work after answers."""
    return Desk(
        settings,
        database,
        _make_doorbell(settings, database),
        Hub(database),
        PageCache(),
        Afterwards(),
        SchemaWatch(database),
    )


def _make_doorbell(settings: WebSettings, database: Database) -> Doorbell:
    """A doorbell that rings after every commit that queued a message. It follows the leader's address."""

    def address() -> str | None:
        if settings.doorbell_url:
            return settings.doorbell_url
        with database.read() as session:
            return leases.doorbell_address(session)

    bell = Doorbell(settings.doorbell_secret, address)
    database.on_work = lambda _work: _ring(bell)
    return bell


def _ring(bell: Doorbell) -> None:
    bell.ring()
