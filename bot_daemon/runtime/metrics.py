"""The daemon's metrics, in Prometheus' terms. Each name has its heading in the reference."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry(auto_describe=True)
FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

WEBHOOKS = Counter("felix_webhook_requests", "Webhook requests by HTTP status.", ["status"], registry=REGISTRY)
ACKNOWLEDGE_SECONDS = Histogram(
    "felix_webhook_seconds", "From a webhook's last byte to the committed row.", buckets=FAST, registry=REGISTRY
)
UPDATES = Counter("felix_updates", "Updates finished, by outcome.", ["outcome"], registry=REGISTRY)
STEP_SECONDS = Histogram("felix_step_seconds", "One update's step with its commit.", buckets=FAST, registry=REGISTRY)
LANES = Gauge("felix_lanes", "Lanes with updates in work.", registry=REGISTRY)
INBOX_DEPTH = Gauge("felix_inbox_depth", "Received updates that wait.", registry=REGISTRY)
INBOX_AGE = Gauge("felix_inbox_oldest_seconds", "Age of the oldest received update.", registry=REGISTRY)
OUTBOX_DEPTH = Gauge("felix_outbox_depth", "Messages that wait to be sent.", registry=REGISTRY)
OUTBOX_AGE = Gauge("felix_outbox_oldest_seconds", "How long the most overdue message has waited.", registry=REGISTRY)
SENDS = Counter("felix_sends", "Attempts to send, by kind and verdict.", ["kind", "verdict"], registry=REGISTRY)
SEND_SECONDS = Histogram("felix_send_seconds", "One attempt to send.", buckets=FAST, registry=REGISTRY)
FLOOD_WAITS = Counter("felix_flood_waits", "Answers 429 of Telegram.", registry=REGISTRY)
MEDIA = Counter("felix_media", "Attempts to fetch a photo or voice note, by outcome.", ["outcome"], registry=REGISTRY)
MEDIA_SECONDS = Histogram(
    "felix_media_seconds", "One attempt to fetch a photo or voice note.", buckets=SLOW, registry=REGISTRY
)
MEDIA_WANTED = Gauge("felix_media_wanted", "Photos and voice notes that wait to be fetched.", registry=REGISTRY)
RINGS = Counter("felix_doorbell_rings", "Rings of the doorbell, by verdict.", ["verdict"], registry=REGISTRY)
LEADER = Gauge("felix_leader", "1 while this process holds the lease.", registry=REGISTRY)
EPOCH = Gauge("felix_epoch", "The lease's epoch, while it is held.", registry=REGISTRY)
TELEGRAM_UP = Gauge("felix_telegram_up", "1 while Telegram answers.", registry=REGISTRY)
WEBHOOK_PENDING = Gauge(
    "felix_webhook_pending_updates", "Updates Telegram still holds, as getWebhookInfo says.", registry=REGISTRY
)
