"""What the Bot API and the control API are made of."""

from typing import Any

Json = dict[str, Any]  # an object, as it was read or as it will be written
