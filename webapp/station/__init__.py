"""Pages and endpoints for the operator: system, health, metrics, audit, Telegram's webhook, styles."""

from webapp.station import audit, health, metrics, style, system, telegram

BLUEPRINTS = tuple(page.blueprint for page in (audit, health, metrics, style, system, telegram))
