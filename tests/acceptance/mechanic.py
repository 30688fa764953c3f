"""A mechanic with a phone: sees what the chat shows, presses what is there, types. Everything over the emulator."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from common import i18n
from sandbox.client import Json, Sandbox, SandboxError
from tests.support import waiting
from tests.support.cast import DIMA, Member

PATIENCE = 20.0 * waiting.PATIENCE  # seconds for one message: the limit of a private chat is one a second
MARKS = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))
Fits = Callable[[Json], bool]


def plain(text: str) -> str:
    """Without the invisible marks of direction."""
    return text.translate(MARKS)


def buttons(message: Json) -> list[Json]:
    return [button for row in message["keyboard"] for button in row]


@dataclass
class Mechanic:
    """`member.language` is the language they look for: texts are given in English and sought in theirs."""

    box: Sandbox
    member: Member = DIMA
    within: float = PATIENCE

    @property
    def id(self) -> int:
        assert self.member.telegram_id is not None
        return self.member.telegram_id

    def in_words(self, text: str, **values: object) -> str:
        """An English text of ours in this mechanic's language."""
        with i18n.use_language(self.member.language):
            return plain(i18n.gettext(text) % values if values else i18n.gettext(text))

    # Acting

    def appear(self) -> None:
        """Have a Telegram account."""
        self.box.add_person(self.id, self.member.name, self.member.language)

    def open_link(self, code: str) -> Json:
        return self.box.start(self.id, code)

    def write(self, text: str) -> Json:
        return self.box.send_text(self.id, text)

    def press(self, text: str) -> Json:
        """Press the newest button that says this, as soon as there is one."""
        wanted = self.in_words(text)
        return self._press(lambda button: wanted in plain(button["text"]), f"a button {wanted!r}")

    def press_data(self, end: str) -> Json:
        """Press the newest button whose data is this, the draft's key before it left out."""
        return self._press(lambda button: str(button["data"]).endswith(end), f"a button with {end!r}")

    def tap_twice(self, text: str) -> tuple[Json, Json]:
        """Two quick taps on the newest button that says this; the second may find the message already changed."""
        return self._tap_again(self.press(text))

    def send_twice(self) -> tuple[Json, Json]:
        """Two quick taps on the button that sends the order."""
        return self._tap_again(self.press_data(":send"))

    def _tap_again(self, first: Json) -> tuple[Json, Json]:
        return first, self.box.press(self.id, first["message_id"], data=first["data"], stale=True)

    def _press(self, fits: Fits, what: str) -> Json:
        """A message may be edited or deleted between the look and the finger: then look again."""
        deadline = time.monotonic() + self.within
        while True:
            message = self.shown(lambda message: any(map(fits, buttons(message))), what)
            data = next(button["data"] for button in buttons(message) if fits(button))
            try:
                return self.box.press(self.id, message["message_id"], data=data)
            except SandboxError:
                if time.monotonic() > deadline:
                    raise

    # Seeing

    def shown(self, fits: Fits, what: str = "a message") -> Json:
        """The newest message of the bot that fits, as soon as there is one."""
        try:
            return self.box.wait_for_message(self.id, fits, self.within)
        except AssertionError as error:
            raise AssertionError(f"{self.member.name} sees no {what}: {error}; {self._last_buttons()}") from None

    def sees_button(self, end: str) -> Json:
        """A message with a button whose data is this, the draft's key before it left out."""
        return self.shown(
            lambda message: any(str(b["data"]).endswith(end) for b in buttons(message)), f"button {end!r}"
        )

    def _last_buttons(self) -> list[str]:
        return [button["data"] for message in self.box.messages(self.id)[-5:] for button in buttons(message)]

    def sees(self, text: str, **values: object) -> Json:
        """A message that says this text of ours, in their language."""
        wanted = self.in_words(text, **values)
        return self.shown(lambda message: wanted in plain(message["text"]), f"message {wanted!r}")

    def reads(self, *words: str) -> Json:
        """A message that holds all these words as they are."""
        return self.shown(lambda message: all(w in plain(message["text"]) for w in words), f"message with {words}")

    def messages(self, text: str, **values: object) -> list[Json]:
        """Every message of the bot that says this text of ours, deleted ones too."""
        wanted = self.in_words(text, **values)
        return [m for m in self.box.messages(self.id) if m["from_bot"] and wanted in plain(m["text"])]

    # What they do all day

    def order(self, words: str, plate: str = "12345678") -> None:
        """Type what is needed and the plate, look it over, send it. They are a member already."""
        self.write(words)
        self.write(plate)
        self.shown(lambda message: words in plain(message["text"]) and self._may_send(message), "a summary")
        self.press_data(":send")

    @staticmethod
    def _may_send(message: Json) -> bool:
        return any(str(button["data"]).endswith(":send") for button in buttons(message))
