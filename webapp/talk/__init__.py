"""The talk about an order on pages: messages with receipts, timeline, photos; and the quick replies."""

from webapp.talk import media, quick_replies

BLUEPRINTS = tuple(page.blueprint for page in (media, quick_replies))
