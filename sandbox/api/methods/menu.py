"""setChatMenuButton and getChatMenuButton."""

from typing import Any

from sandbox.api.call import Call
from sandbox.errors import bad_request


def set_chat_menu_button(call: Call) -> bool:
    """Sources: Client.cpp:10685-10722; Mini Apps are not shown, but their buttons are kept."""
    button = call.parameters.json("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict):
        raise bad_request("Can't parse menu button: MenuButton must be an Object")
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("Can't parse menu button: MenuButton has unsupported type")
    call.bot.menu_buttons[_menu_chat(call)] = button
    return True


def get_chat_menu_button(call: Call) -> dict[str, Any]:
    buttons = call.bot.menu_buttons
    return buttons.get(_menu_chat(call)) or buttons.get(0) or {"type": "commands"}


def _menu_chat(call: Call) -> int:
    """The private chat, 0 for the default of all chats."""
    return int(call.known_chat()["id"]) if call.parameters.text("chat_id") else 0
