"""Values of forms about an order: read, checked, and kept when a form is refused."""

from __future__ import annotations

import logging
from datetime import date

from flask import request

from common.database.models import Unit
from common.errors import InvalidInput
from common.media import desk_photos, media_store, quotas
from common.media.media_store import FileContent
from common.orders import reasons
from common.orders.content.corrections import Wanted
from common.orders.content.quantities import read_quantity
from common.orders.moves import Collector
from common.text.numbers import parse_number
from webapp.web.context import desk, reader
from webapp.wording import times

log = logging.getLogger(__name__)

MAX_KEY = 40
TYPED_FIELDS = (
    "reason",
    "collector",
    "substitute",
    "supplier",
    "expected_on",
    "question",
    "remark",
)  # the fields that people type into


def owner_given() -> int | None:
    """The person who shall serve the order; None: no owner. Raises: InvalidInput."""
    owner = request.form.get("owner", "")
    if owner and parse_number(owner) is None:
        raise InvalidInput("owner")
    return parse_number(owner)


def key_given() -> str:
    """The idempotency key of a form: a form that is sent twice takes effect once. Raises: InvalidInput."""
    key = request.form.get("key", "")
    if not key.isascii() or not 8 <= len(key) <= MAX_KEY:
        raise InvalidInput("form")
    return key


def wanted_given() -> Wanted:
    """What is wanted of a line. Raises: InvalidInput `unit`, `quantity`, `quantity_fraction`."""
    unit = request.form.get("unit", "")
    if unit not in set(Unit):
        raise InvalidInput("unit")
    return Wanted(*read_quantity(request.form.get("quantity", ""), Unit(unit)), request.form.get("remark", ""))


def day_given() -> date | None:
    """Raises: InvalidInput `date`, `past`."""
    typed = request.form.get("expected_on", "")
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise InvalidInput("date") from None
    if day < times.today():
        raise InvalidInput("past")
    return day


def day_unknown() -> bool:
    return request.form.get("day_unknown") == "1"


def reason_given() -> str:
    """One of the common reasons, which the mechanic reads in their language, or typed words."""
    offered = request.form.get("offered", "")
    return offered if offered in reasons.WORDS else request.form.get("reason", "")


def collector_given() -> Collector | None:
    """The person who collects the order instead of the mechanic, if the form names one."""
    if "collector" not in request.form:
        return None
    return Collector(request.form["collector"], request.form.get("code", ""))


def photo_given(order_id: int) -> FileContent | None:
    """The form's photo, prepared for storage. What forbids it is looked at before it is opened.

    Raises:
        Busy. InvalidInput: `photos_day`, `photos_many`; `photo_large` and the others of `desk_photos.read`;
        `photo_not_kept`: the directory is missing, or its disk nearly full.
    """
    file = request.files.get("photo")
    if file is None or not file.filename:
        return None
    with desk().database.read() as session:
        desk_photos.check_room(session, order_id, reader().person_id)
    if not quotas.make_has_room(desk().settings)():
        raise InvalidInput("photo_not_kept")
    try:
        return desk_photos.read(file.read(desk_photos.MAX_UPLOAD + 1), media_store.directory(desk().settings))
    except OSError as error:
        log.error("MEDIA_DIR %s is not writable: %s", desk().settings.media_dir, error.strerror)
        raise InvalidInput("photo_not_kept") from None


def typed_texts() -> list[str]:
    """The texts that were typed into a form, even if the order's page no longer shows that form."""
    return [typed[:1000] for name in TYPED_FIELDS if (typed := request.form.get(name, "").strip())]
