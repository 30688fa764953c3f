"""Quantities: a whole number of a unit. A broken number is counted in the smaller unit: half a litre is 500 ml."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_decimal

from common import i18n
from common.database.models import Unit
from common.errors import InvalidInput
from common.i18n import N_, gettext, ngettext

MAX_QUANTITY = 9999
SMALLER: dict[Unit, tuple[Unit, int]] = {  # the smaller unit, and how many of it make one
    Unit.LITRE: (Unit.MILLILITRE, 1000),
    Unit.METRE: (Unit.CENTIMETRE, 100),
    Unit.KILOGRAM: (Unit.GRAM, 1000),
}
LARGER: dict[Unit, tuple[Unit, int]] = {small: (unit, many) for unit, (small, many) in SMALLER.items()}
NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5})?")
TEXTS: dict[Unit, str] = {
    Unit.PIECE: "%(number)s ×",
    Unit.LITRE: N_("%(number)s l"),
    Unit.MILLILITRE: N_("%(number)s ml"),
    Unit.METRE: N_("%(number)s m"),
    Unit.CENTIMETRE: N_("%(number)s cm"),
    Unit.KILOGRAM: N_("%(number)s kg"),
    Unit.GRAM: N_("%(number)s g"),
}


def whole(value: Decimal, unit: Unit) -> tuple[int, Unit]:
    """The quantity as a line holds it: 1.5 m is 150 cm.

    Raises:
        InvalidInput: `quantity`: not from 1 to 9,999. `quantity_fraction`: a broken number where there is no smaller
            unit, or with more digits than that has, or more than 9,999 of that.
    """
    if not value.is_finite() or not 0 < value <= MAX_QUANTITY:
        raise InvalidInput("quantity", most=MAX_QUANTITY)
    if value % 1:
        unit, many = SMALLER.get(unit, (unit, 1))
        value *= many
    if value % 1 or value > MAX_QUANTITY:
        raise InvalidInput("quantity_fraction")
    return int(value), unit


def read_quantity(typed: str, unit: Unit) -> tuple[int, Unit]:
    """A number as people type it, `1.5` or `1,5`, of this unit. Raises: as `whole`."""
    number = typed.strip().replace(",", ".")
    return whole(Decimal(number) if NUMBER.fullmatch(number) else Decimal(0), unit)


def shown(quantity: int, unit: Unit) -> tuple[str, Unit]:
    """The number as the reader writes it, and its unit: from one litre on, millilitres are shown as litres."""
    larger, many = LARGER.get(unit, (unit, 1))
    if quantity < many:
        larger, many = unit, 1
    return format_decimal(Decimal(quantity) / many, format="0.###", locale=i18n.locale()), larger


def quantity_text(quantity: int, unit: Unit) -> str:
    """The quantity in the reader's language: `2 ×`, `4 l`, `1.5 m`, `500 ml`."""
    number, unit = shown(quantity, unit)
    return _text(unit, quantity) % {"number": number}


def quantity_words(quantity: int, unit: Unit) -> str:
    """The quantity inside a sentence, where pieces are named: `2 pcs`."""
    return gettext("%(number)s pcs") % {"number": quantity} if unit is Unit.PIECE else quantity_text(quantity, unit)


def _text(unit: Unit, quantity: int) -> str:
    if unit is Unit.SET:
        return ngettext("%(number)s set", "%(number)s sets", quantity)
    if unit is Unit.PAIR:
        return ngettext("%(number)s pair", "%(number)s pairs", quantity)
    return gettext(TEXTS[unit])
