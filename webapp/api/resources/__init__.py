"""The endpoints, one module per subject; and the table of all of them."""

from webapp.api.endpoints import Endpoint
from webapp.api.resources import (
    categories,
    joining,
    orders,
    parts,
    people,
    quick_replies,
    saved_lists,
    serving,
    station,
    talk,
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(
    row
    for module in (station, orders, serving, talk, quick_replies, saved_lists, people, joining, categories, parts)
    for row in module.group.rows
)
