"""What a token may be used for: a scope opens some actions, and its person's role still has to allow each of them."""

from __future__ import annotations

import enum


class Scope(enum.StrEnum):
    ORDERS_READ = "orders:read"  # orders with their lines, timeline, talk and receipts
    ORDERS_WRITE = "orders:write"  # place and serve orders, write to mechanics
    PEOPLE_READ = "people:read"  # who is here, who is invited, who asks to join
    PEOPLE_WRITE = "people:write"  # invite, let in, archive
    CATALOGUE_READ = "catalogue:read"  # categories and parts
    CATALOGUE_WRITE = "catalogue:write"  # change them
