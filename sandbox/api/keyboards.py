"""reply_markup: Telegram's checks and the texts of its refusals (Client.cpp:9400-9790)."""

from typing import Any
from urllib.parse import urlsplit

from sandbox import errors
from sandbox.api.parameters import Parameters
from sandbox.errors import ApiError, bad_request
from sandbox.values import Json

MAX_BUTTONS = 100  # PTB constants.py: InlineKeyboardMarkupLimit
MAX_DATA_BYTES = 64  # docs, InlineKeyboardButton.callback_data
_STYLES = ("", "default", "primary", "danger", "success")  # Client.cpp:9440
_SCHEMES = ("http", "https", "tg", "ton", "tonsite")
_OTHER_TYPES = (
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "login_url",
    "web_app",
    "copy_text",
)


def read_markup(parameters: Parameters) -> Json | None:
    """The checked markup, None when it is missing or empty."""
    if not parameters.text("reply_markup"):
        return None
    value = parameters.json("reply_markup", "reply keyboard markup")
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    return _check_markup(value)


def _check_markup(value: Json) -> Json | None:
    if keyboard := value.get("keyboard"):
        return value | {"keyboard": _rows(keyboard, 'Field "keyboard" must be an Array of Arrays', _reply_button)}
    if keyboard := value.get("inline_keyboard"):
        text = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        rows = _rows(keyboard, text, _inline_button)
        if sum(map(len, rows)) > MAX_BUTTONS:
            raise bad_request(errors.MARKUP_TOO_LONG)
        return {"inline_keyboard": [row for row in rows if row]}
    return value if value.get("remove_keyboard") or value.get("force_reply") else None


def _rows(keyboard: Any, not_rows: str, check: Any) -> list[list[Json]]:
    if not isinstance(keyboard, list) or any(not isinstance(row, list) for row in keyboard):
        raise bad_request(not_rows)
    return [[check(button) for button in row] for row in keyboard]


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("Can't parse keyboard button: KeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("Can't parse keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("Keyboard button text must be non-empty")  # td/telegram/ReplyMarkup.cpp:472
    if not _has_style(button):
        raise bad_request("Can't parse keyboard button: invalid button style specified")  # Client.cpp:9455
    return button


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _unparsable('Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("Inline keyboard button text must be non-empty")  # td/telegram/ReplyMarkup.cpp:570
    data = button.get("callback_data")
    if not button.get("url") and not data and not any(name in button for name in _OTHER_TYPES):
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if isinstance(data, str) and len(data.encode()) > MAX_DATA_BYTES:
        raise bad_request(errors.BUTTON_DATA_INVALID)
    if not _has_style(button):
        raise _unparsable("invalid button style specified")  # Client.cpp:9455
    if button.get("url"):
        _check_link(str(button["url"]))
    return button


def _has_style(button: Json) -> bool:
    return str(button.get("style", "")).lower() in _STYLES


def _check_link(url: str) -> None:
    """Refuse a host without a dot, such as localhost: it is not an address (td/telegram/LinkManager.cpp:1983)."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in _SCHEMES or (parts.scheme.startswith("http") and not set(".:") & set(host)):
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")  # td ReplyMarkup.cpp:589


def _unparsable(text: str) -> ApiError:
    return bad_request(f"Can't parse inline keyboard button: {text}")
