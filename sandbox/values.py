"""The JSON values of the Bot API and the control API."""

from typing import Any

Json = dict[str, Any]  # an object, as read or to be written
