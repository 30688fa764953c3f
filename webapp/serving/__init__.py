"""Forms that change orders: moves of many, undo, the counter, lines, notes, message repair.

It may import the pages of orders.
"""

from webapp.serving import bulk, counter, message_repair, notes, order_actions, presence, undo

BLUEPRINTS = tuple(page.blueprint for page in (bulk, counter, message_repair, notes, order_actions, presence, undo))
