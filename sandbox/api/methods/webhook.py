"""setWebhook, deleteWebhook, getWebhookInfo."""

import re
from urllib.parse import urlsplit

from sandbox.api.call import Call, Described
from sandbox.api.guard import address_of, is_loopback
from sandbox.api.methods.polling import remember_allowed
from sandbox.api.parameters import Parameters
from sandbox.errors import bad_request, too_many_requests
from sandbox.telegram.bots import WebhookSettings
from sandbox.values import Json

_SECRET = re.compile(r"[A-Za-z0-9_-]*")


def set_webhook(call: Call) -> Described:
    """Works once a second at most; the same settings again change nothing. Source: Client.cpp:15727-15795.

    The former webhook is closed before the new one is checked: after a refusal the bot has no webhook.
    """
    url = call.parameters.text("url")
    if not url:
        return delete_webhook(call)
    _check_rate(call)
    drop = call.parameters.flag("drop_pending_updates")
    settings = _read_settings(call.parameters, url)
    if _is_same(settings, call.bot.webhook) and not drop:
        remember_allowed(call)
        return Described(True, "Webhook is already set")
    delete_webhook(call)
    _check(settings, call.world.options.exposed)
    remember_allowed(call)
    call.bot.webhook = settings
    call.bot.poll_generation += 1
    call.bot.updates.announce()
    call.world.hub.tell("webhook", bot=call.bot.username)
    return Described(True, "Webhook was set")


def _check_rate(call: Call) -> None:
    now = call.world.clock.wall()
    if call.world.limits and now < call.bot.set_webhook_at + 1:
        raise too_many_requests(1)
    call.bot.set_webhook_at = now


def _read_settings(parameters: Parameters, url: str) -> WebhookSettings:
    return WebhookSettings(
        url,
        parameters.text("secret_token"),
        parameters.integer("max_connections", 40, 1, 100),
        parameters.text("ip_address") or _address(_host(url)),
        bool(parameters.text("ip_address")),
        "certificate" in parameters.files,
    )


def _check(settings: WebhookSettings, exposed: bool) -> None:
    host = _host(settings.url)
    if not host:
        raise bad_request("invalid webhook URL specified")  # Client.cpp:16016
    if not (is_loopback(host) or (exposed and _is_private(host))):
        # Ours: the emulator never talks to the outside. Telegram, too, refuses addresses of private networks.
        where = (
            "this machine and private networks" if exposed else "this machine; with --expose to private networks too"
        )
        raise bad_request(f"bad webhook: this is an emulator, it delivers only to {where}")
    if len(settings.secret_token) > 256:
        raise bad_request("secret token is too long")  # Client.cpp:16020
    if not _SECRET.fullmatch(settings.secret_token):
        raise bad_request("secret token contains unallowed characters")  # Client.cpp:16023


def _host(url: str) -> str:
    """The host of an http(s) URL, "" for any other text."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _is_private(host: str) -> bool:
    """An address of a private network, or a name that means one: without a dot it is a container beside this one."""
    address = address_of(host)
    if address is None:
        return "." not in host or host.endswith((".local", ".internal"))
    return address.is_private and not address.is_link_local and not address.is_unspecified


def _address(host: str) -> str:
    return str(address_of(host) or "127.0.0.1")


def _is_same(new: WebhookSettings, old: WebhookSettings | None) -> bool:
    """Source: Client.cpp:15758-15761. A certificate always counts as a change."""
    if old is None or old.has_certificate or new.has_certificate:
        return False
    names = ("url", "secret_token", "max_connections", "ip_address", "fix_ip_address")
    return all(getattr(new, name) == getattr(old, name) for name in names)


def delete_webhook(call: Call) -> Described:
    bot = call.bot
    if call.parameters.flag("drop_pending_updates"):
        bot.updates.clear()
    if bot.webhook is None:
        return Described(True, "Webhook is already deleted")
    bot.webhook = None
    bot.updates.announce()
    call.world.hub.tell("webhook", bot=bot.username)
    return Described(True, "Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    """Source: Client.cpp:5945 JsonWebhookInfo."""
    bot = call.bot
    webhook = bot.webhook or WebhookSettings("")
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": webhook.has_certificate,
        "pending_update_count": len(bot.updates.pending),
    }
    if webhook.last_error_date:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error_message}
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": webhook.ip_address}
    if bot.allowed_updates is not None:
        info["allowed_updates"] = bot.allowed_updates
    return info
