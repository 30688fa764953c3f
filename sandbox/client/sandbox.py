"""A small synchronous client of the control API, for tests in any framework. Standard library only."""

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from sandbox.client.connection import Connection, Json
from sandbox.client.faults import Faults

PAGE = 5_000  # journal entries fetched at a time


class WaitTimeout(AssertionError):
    """The expected event did not happen in time."""


class Sandbox(Connection):
    """`url` is also the TELEGRAM_API_URL of the bot. `bot` is a username or id everywhere; default: the first bot."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.faults = Faults(self, "/faults")
        self.webhook_faults = Faults(self, "/webhook-faults")

    @property
    def api_url(self) -> str:
        """The Bot API's base: `url`, unless the emulator was started with --api-port."""
        return str(self.get("/state")["api_url"])

    # people

    def add_person(
        self, id: int, first_name: str, language_code: str, last_name: str | None = None, username: str | None = None
    ) -> Json:
        person = {"id": id, "first_name": first_name, "language_code": language_code}
        return dict(self.post("/people", person | {"last_name": last_name, "username": username}))

    def add_people(
        self, n: int, first_id: int, started: bool = True, language_code: str = "en", bot: str | None = None
    ) -> None:
        many = {"n": n, "first_id": first_id, "started": started, "language_code": language_code}
        self.post("/people/bulk", many, bot)

    def people(self, bot: str | None = None) -> list[Json]:
        return list(self.get("/people", bot=bot))

    def add_group(self, id: int, title: str, type: str = "group") -> Json:
        return dict(self.post("/groups", {"id": id, "title": title, "type": type}))

    def migrate(self, group: int) -> int:
        """Make the group a supergroup. Returns its new id."""
        return int(self.post(f"/groups/{group}/migrate")["id"])

    # acting

    def start(self, person: int, payload: str = "", bot: str | None = None) -> Json:
        """Press Start. Returns the update."""
        return dict(self.post(f"/people/{person}/start", {"payload": payload}, bot))

    def send_text(
        self, person: int, text: str, bot: str | None = None, chat: int | None = None, reply_to: int | None = None
    ) -> Json:
        """Write to the bot, or in the group `chat`. Returns the update with its update_id."""
        return dict(self.post(f"/people/{person}/text", {"text": text, "chat": chat, "reply_to": reply_to}, bot))

    def edit_text(
        self, person: int, message_id: int, text: str, bot: str | None = None, chat: int | None = None
    ) -> Json:
        """Change the text or the caption of one's own message. Returns the update (edited_message)."""
        given = {"message_id": message_id, "text": text, "chat": chat}
        return dict(self.post(f"/people/{person}/edit", given, bot))

    def forward(
        self, person: int, message_id: int, chat: int | None = None, to: int | None = None, bot: str | None = None
    ) -> Json:
        """Send a message of the chat on, to the chat with the bot or to the group `to`. Returns the update."""
        return dict(self.post(f"/people/{person}/forward", {"message_id": message_id, "chat": chat, "to": to}, bot))

    def delete_message(self, person: int, message_id: int, chat: int | None = None, bot: str | None = None) -> None:
        """Take a message out of the chat; in a group only the person's own. The bot is not told."""
        self.post(f"/people/{person}/delete", {"message_id": message_id, "chat": chat}, bot)

    def send_file(
        self,
        person: int,
        kind: str,
        data: bytes,
        name: str = "",
        content_type: str = "application/octet-stream",
        caption: str = "",
        album: str = "",
        duration: int = 0,
        bot: str | None = None,
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Send a "photo", "document", "voice", "video" or "audio"; several with one `album` name are an album."""
        query = {"kind": kind, "name": name or kind, "caption": caption, "album": album, "duration": duration}
        more = {"bot": bot, "chat": chat, "reply_to": reply_to}
        query |= {name: value for name, value in more.items() if value is not None}
        return dict(self.send("POST", f"/people/{person}/files?{urlencode(query)}", data, content_type))

    def send_album(
        self,
        person: int,
        files: Iterable[bytes],
        kind: str = "photo",
        content_type: str = "image/png",
        caption: str = "",
        bot: str | None = None,
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> list[Json]:
        """Send several files as one album, the caption with the first. Returns one update for each."""
        album, ending, sent = secrets.token_hex(4), content_type.rpartition("/")[2], []
        for number, data in enumerate(files):
            name, words = f"{kind}-{number}.{ending}", "" if number else caption
            sent.append(self.send_file(person, kind, data, name, content_type, words, album, 0, bot, chat, reply_to))
        return sent

    def share_contact(self, person: int, phone_number: str, bot: str | None = None) -> Json:
        return dict(self.post(f"/people/{person}/contact", {"phone_number": phone_number}, bot))

    def share_location(self, person: int, latitude: float, longitude: float, bot: str | None = None) -> Json:
        return dict(self.post(f"/people/{person}/location", {"latitude": latitude, "longitude": longitude}, bot))

    def send_sticker(self, person: int, emoji: str, bot: str | None = None) -> Json:
        return dict(self.post(f"/people/{person}/sticker", {"emoji": emoji}, bot))

    def press(
        self,
        person: int,
        message_id: int,
        data: str | None = None,
        text: str | None = None,
        bot: str | None = None,
        stale: bool = False,
        chat: int | None = None,
    ) -> Json:
        """Press an inline button found by data or text: {"callback_query_id", "update_id", ...}.

        `stale` presses `data` even though the message no longer has (or never had) such a button.
        """
        press = {"message_id": message_id, "data": data, "text": text, "stale": stale, "chat": chat}
        return dict(self.post(f"/people/{person}/press", press, bot))

    def send_via(self, person: int, text: str, keyboard: list[list[Json]] | None = None, bot: str | None = None) -> str:
        """Send a message via the bot into another chat, with inline buttons. Returns its inline_message_id."""
        given = {"text": text, "keyboard": keyboard or []}
        return str(self.post(f"/people/{person}/inline", given, bot)["inline_message_id"])

    def press_via(self, person: int, inline_message_id: str, data: str, bot: str | None = None) -> Json:
        """Press a button of such a message."""
        press = {"inline_message_id": inline_message_id, "data": data}
        return dict(self.post(f"/people/{person}/press", press, bot))

    def inline_message(self, inline_message_id: str, bot: str | None = None) -> Json:
        """The present state of such a message."""
        return dict(self.get(f"/inline/{inline_message_id}", bot=bot))

    def repress(self, callback_query_id: str, bot: str | None = None) -> Json:
        """Repeat the press as a new query in a new update."""
        return dict(self.post(f"/presses/{callback_query_id}/repeat", None, bot))

    def answers(self, callback_query_id: str, bot: str | None = None) -> Json:
        """The press with "answered" and, once answered, "text", "show_alert" and "url"."""
        return dict(self.get(f"/presses/{callback_query_id}", bot=bot))

    def block(self, person: int, bot: str | None = None) -> Json:
        return dict(self.post(f"/people/{person}/block", None, bot))

    def unblock(self, person: int, bot: str | None = None) -> Json:
        return dict(self.post(f"/people/{person}/unblock", None, bot))

    def kick(self, person: int, group: int, bot: str | None = None) -> Json:
        """Remove the bot from a group. Returns the update."""
        return dict(self.post(f"/people/{person}/kick", {"group": group}, bot))

    def readmit(self, person: int, group: int, bot: str | None = None) -> Json:
        return dict(self.post(f"/people/{person}/readmit", {"group": group}, bot))

    def deactivate(self, person: int) -> None:
        self.post(f"/people/{person}/deactivate")

    # reading

    def messages(self, person: int, bot: str | None = None, limit: int = 1000) -> list[Json]:
        """The newest `limit` messages of the chat, oldest first, deleted ones marked."""
        return list(self.get(f"/chats/{person}/messages", bot=bot, limit=limit))

    def last(self, person: int, bot: str | None = None, from_bot: bool = True) -> Json | None:
        """The newest message of the bot that is not deleted; with `from_bot` False, of any sender."""
        found = [m for m in self.messages(person, bot) if not m["deleted"] and (m["from_bot"] or not from_bot)]
        return found[-1] if found else None

    def journal(
        self, after: int = 0, kind: str | None = None, method: str | None = None, limit: int = 10_000
    ) -> list[Json]:
        """Entries above `after`: kind "call" (of the bot), "delivery" (to it) or "reply" (in a webhook's answer)."""
        found: list[Json] = []
        while len(found) < limit:
            wanted = min(limit - len(found), PAGE)
            page = list(self.get("/journal", after=after, kind=kind, method=method, limit=wanted))
            found += page
            if len(page) < wanted:
                break
            after = page[-1]["seq"]
        return found

    def webhook_info(self, bot: str | None = None) -> Json:
        return dict(self.get("/webhook", bot=bot))

    def state(self) -> Json:
        return dict(self.get("/state"))

    # updates and conditions

    def inject_update(self, update: Json, bot: str | None = None) -> int:
        """Queue any update unchanged. Returns its update_id."""
        return int(self.post("/updates", update, bot)["update_id"])

    def redeliver(self, update_id: int, times: int = 1, bot: str | None = None) -> None:
        """Deliver an update again, `times` times."""
        self.post(f"/updates/{update_id}/redeliver", {"times": times}, bot)

    def swap_next(self) -> None:
        """Deliver the next two updates in reverse order (webhooks only)."""
        self.post("/swap")

    def network(self, up: bool) -> None:
        """Cut or restore the network. Down: deliveries fail; connections are refused with --api-port, else reset."""
        self.post("/network", {"up": up})

    def set_limits(self, on: bool) -> None:
        self.post("/limits", {"on": on})

    def advance(self, seconds: float) -> None:
        """Move time forward: dates, limits, retries, expiry."""
        self.post("/clock", {"advance": seconds})

    # waiting

    def wait_until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        """The first true value of `predicate`, asked at once, after every change here, and every quarter second."""
        deadline = time.monotonic() + timeout
        revision = self._revision(-1, 0)
        while not (value := predicate()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise WaitTimeout(f"nothing within {timeout} s")
            revision = self._revision(revision, min(0.25, left))
        return value

    def wait_for_message(
        self, person: int, predicate: Callable[[Json], Any], timeout: float = 10.0, bot: str | None = None
    ) -> Json:
        """The newest message of the bot, not deleted, for which `predicate` holds."""

        def find() -> Json | None:
            shown = [m for m in self.messages(person, bot) if m["from_bot"] and not m["deleted"]]
            return next((message for message in reversed(shown) if predicate(message)), None)

        try:
            return dict(self.wait_until(find, timeout))
        except WaitTimeout as error:
            texts = [message["text"] for message in self.messages(person, bot)[-5:]]
            raise WaitTimeout(f"no such message for {person} within {timeout} s; the last are {texts}") from error

    def _revision(self, after: int, seconds: float) -> int:
        return int(self.get("/changes", after=after, timeout=seconds)["revision"])
