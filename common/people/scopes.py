"""The scopes of a token: a scope allows some actions, and the person's role must also allow each of them."""

from __future__ import annotations

import enum


class Scope(enum.StrEnum):
    ORDERS_READ = "orders:read"  # orders with their lines, timeline, talk and receipts
    ORDERS_WRITE = "orders:write"  # place and serve orders, write to mechanics
    PEOPLE_READ = "people:read"  # people, invitations and requests to join
    PEOPLE_WRITE = "people:write"  # invite, admit and archive people
    CATALOGUE_READ = "catalogue:read"  # categories and parts
    CATALOGUE_WRITE = "catalogue:write"  # change categories and parts
