"""Pages and endpoints for whoever runs the station: system, health, metrics, audit, Telegram's webhook, styles."""
