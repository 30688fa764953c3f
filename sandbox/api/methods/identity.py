"""The bot's identity and session: getMe, getChat, logOut, close."""

from sandbox.api.call import Call
from sandbox.errors import too_many_requests
from sandbox.values import Json


def get_me(call: Call) -> Json:
    return call.bot.as_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,  # the emulator has no privacy mode
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(call: Call) -> Json:
    """ChatFullInfo with its required fields (docs, ChatFullInfo)."""
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), True)
    full = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts | {"gifts_from_channels": True},
    }
    return call.known_chat() | full


AWAY = 600.0  # docs, logOut: "will not be able to log in back to the cloud Bot API server for 10 minutes"


def log_out(call: Call) -> bool:
    """Drop the pending updates and the webhook, and refuse every call for ten minutes."""
    call.bot.updates.clear()
    call.bot.webhook = None
    call.bot.logged_out_until = call.world.clock.wall() + AWAY
    call.bot.updates.announce()
    return True


def close(call: Call) -> bool:
    """Always 429, as in the first ten minutes after a bot was started (docs, close): no other server exists."""
    raise too_many_requests(600)
