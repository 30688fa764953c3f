"""What may be said of a part beside its name: the tables of marks, units, positions and attributes. No I/O.

The keys are stored, imported and answered by the API; they never change. The words are for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from common.database.models import Unit
from common.errors import InvalidInput
from common.i18n import N_
from common.languages import LANGUAGES

MAX_BUTTON_NAME = 24  # characters that fit a button beside a quantity or another button
FLAGS: Mapping[str, str] = {
    "front_rear": N_("Has a front and a rear one"),
    "left_right": N_("The order says which side"),
    "counted": N_("The bot asks how many"),
    "by_volume": N_("Filled in: litres, or as much as the car needs"),
    "additive": N_("Is one of the station's additives"),
}
UNITS: Mapping[str, str] = {  # what a number means that is said without a unit
    Unit.PIECE.value: N_("pieces"),
    Unit.SET.value: N_("sets"),
    Unit.PAIR.value: N_("pairs"),
    Unit.LITRE.value: N_("litres"),
    Unit.MILLILITRE.value: N_("millilitres"),
    Unit.METRE.value: N_("metres"),
    Unit.CENTIMETRE.value: N_("centimetres"),
    Unit.KILOGRAM.value: N_("kilograms"),
    Unit.GRAM.value: N_("grams"),
}
POSITIONS: Mapping[str, str] = {
    "front": N_("front"),
    "rear": N_("rear"),
    "left": N_("left"),
    "right": N_("right"),
    "upper": N_("upper"),
    "lower": N_("lower"),
    "inner": N_("inner"),
    "outer": N_("outer"),
}
ATTRIBUTES: Mapping[str, str] = {
    "viscosity": N_("viscosity (5W-30)"),
    "dot": N_("class of brake fluid (DOT 4)"),
    "spec": N_("specification"),
    "colour": N_("colour"),
    "volume_l": N_("volume"),
    "weight_g": N_("weight"),
    "length_mm": N_("length"),
    "diameter_mm": N_("diameter"),
    "size_mm": N_("size (mm)"),
    "size_in": N_("size (inches)"),
    "thread": N_("thread"),
    "teeth": N_("number of teeth"),
    "ribs": N_("number of ribs (6PK)"),
    "pins": N_("number of contacts"),
    "socket": N_("socket of a bulb"),
    "watt": N_("power (W)"),
    "volt": N_("voltage"),
    "ampere": N_("current (A)"),
    "ampere_hour": N_("capacity (Ah)"),
    "polarity": N_("polarity"),
    "fuse_type": N_("kind of fuse"),
    "cell_type": N_("kind of battery (CR2032)"),
    "wire_mm2": N_("cross-section (mm²)"),
    "heat_range": N_("heat range"),
    "temperature_c": N_("temperature (°C)"),
    "temperature_k": N_("colour temperature (K)"),
    "pressure_bar": N_("pressure (bar)"),
    "material": N_("material"),
    "tyre_size": N_("tyre size"),
    "season": N_("season"),
    "glove_size": N_("glove size"),
    "grit": N_("grit"),
    "grade": N_("strength class"),
}
DEFAULT_UNIT = Unit.PIECE.value


class PartDetails(TypedDict, total=False):
    """The details of a part, as they are typed."""

    flags: Iterable[str]
    unit: str
    positions: Iterable[str]
    attributes: Iterable[str]
    button_names: Mapping[str, str]


def clean(given: PartDetails) -> dict[str, Any]:
    """The given details as they are stored. Raises: InvalidInput `flag`, `unit`, `position`, `attribute`, …"""
    cleaned: dict[str, Any] = {}
    if "flags" in given:
        cleaned["flags"] = _known(given["flags"], FLAGS, "flag")
    if "unit" in given:
        cleaned["unit"] = _known([given["unit"] or DEFAULT_UNIT], UNITS, "unit")[0]
    if "positions" in given:
        cleaned["positions"] = _known(given["positions"], POSITIONS, "position")
    if "attributes" in given:
        cleaned["attributes"] = _known(given["attributes"], ATTRIBUTES, "attribute")
    if "button_names" in given:
        cleaned["button_names"] = _button_names(given["button_names"])
    return cleaned


def _known(given: Iterable[str], table: Mapping[str, str], what: str) -> list[str]:
    """The given keys, each once, in the table's order."""
    wanted = set(given)
    if not wanted <= set(table):
        raise InvalidInput(what)
    return [key for key in table if key in wanted]


def _button_names(given: Mapping[str, str]) -> dict[str, str]:
    """The short names by language. Raises: InvalidInput `button_name_long`, `not_printable`."""
    names = {language: " ".join(given.get(language, "").split()) for language in LANGUAGES}
    if any(len(name) > MAX_BUTTON_NAME for name in names.values()):
        raise InvalidInput("button_name_long", most=MAX_BUTTON_NAME)
    if not all(name.isprintable() for name in names.values()):
        raise InvalidInput("not_printable")
    return {language: name for language, name in names.items() if name}
