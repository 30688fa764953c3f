"""The one module-level application, for `gunicorn webapp.wsgi:app`."""

from __future__ import annotations

import logging
import sys

from common import logs
from common.database import schema
from common.errors import DatabaseUnavailable, SchemaError, SettingsError
from common.settings.config import WebSettings
from common.settings.version import version
from webapp.app import create_app
from webapp.web.context import EXTENSION

APP_LOAD_ERROR = 4  # gunicorn's own exit code: its master then stops too, with this code, instead of retrying for ever

try:
    settings = WebSettings.from_env()
    logs.configure(settings.log_level)
    logging.getLogger("webapp").info("Felix Hub %s starts", version())
    app = create_app(settings)
    schema.check_at_start(app.extensions[EXTENSION].database)
except (SettingsError, SchemaError, DatabaseUnavailable) as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(APP_LOAD_ERROR)
