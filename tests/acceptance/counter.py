"""A storekeeper's hands at a real browser: a mouse, a finger on a phone, or the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route, ViewportSize, expect

from tests.support import waiting
from tests.support.cast import PASSWORD, Member

COUNTER, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=800)
PATIENCE = 20_000 * waiting.PATIENCE  # milliseconds: five times what a busy machine took
MOST_TABS = 150
IS_HERE = "element => element === document.activeElement"
# Neither paper nor sound comes out of a test: the page says that it would have.
PRINTS = "window.print = () => { document.documentElement.dataset.printed = 'yes'; }"
SOUNDS = """const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  document.documentElement.dataset.rang = "yes";
  return make.call(this);
};"""


@dataclass
class Hands:
    """`how`: mouse, keyboard or finger. `complaints`: of the console."""

    browser: Browser
    url: str
    how: str = "mouse"
    complaints: list[str] = field(default_factory=list)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        is_phone = self.how == "finger"
        self.context = self.browser.new_context(
            viewport=PHONE if is_phone else COUNTER, has_touch=is_phone, is_mobile=is_phone, locale="he-IL"
        )
        self.context.set_default_timeout(PATIENCE)
        for script in (PRINTS, SOUNDS):
            self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        is_refusal = "status of 400" in message.text or "status of 409" in message.text  # which the page says itself
        if message.type in ("error", "warning") and not is_refusal:
            self.complaints.append(message.text)

    def sign_in(self, member: Member) -> None:
        self.page.goto(f"{self.url}/login")
        expect(self.page.locator("#username")).to_be_focused(timeout=PATIENCE)
        self.page.keyboard.type(member.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#live")).to_have_attribute("data-live", "live", timeout=PATIENCE)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def goes_to(self, key: str, selector: str) -> None:
        """With this key, if there is no other way than keys."""
        target = self.sees(selector)
        for _ in range(MOST_TABS if self.how == "keyboard" else 0):
            if target.evaluate(IS_HERE):
                return
            self.page.keyboard.press(key)

    def press(self, selector: str, key: str = "") -> None:
        """A button, a link, a menu's head; `key` does the same."""
        target = self.sees(selector)
        if self.how == "keyboard" and key:
            self.page.keyboard.press(key)
        elif self.how == "keyboard":
            self._walk_to(target)
            self.page.keyboard.press("Enter")
        elif self.how == "finger":
            target.tap()
        else:
            target.click()

    def write(self, selector: str, text: str) -> None:
        target = self.sees(selector)
        if self.how != "keyboard" or target.get_attribute("type") == "date":
            target.fill(text)  # a day is typed in the order of the browser's own language
            return
        self._walk_to(target)
        self.page.keyboard.insert_text(text)

    def sees(self, selector: str) -> Locator:
        target = self.page.locator(selector).first
        expect(target).to_be_visible(timeout=PATIENCE)
        return target

    def reads(self, selector: str, text: str) -> None:
        """A place that says this, now or a moment later."""
        expect(self.page.locator(selector).first).to_contain_text(text, timeout=PATIENCE)

    def count(self, selector: str, number: int) -> None:
        expect(self.page.locator(selector)).to_have_count(number, timeout=PATIENCE)

    def _walk_to(self, target: Locator) -> None:
        """With the Tab key, from where the focus is; it comes round once at most."""
        for _ in range(MOST_TABS):
            if target.evaluate(IS_HERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached with the keyboard")

    @contextmanager
    def not_yet_told(self) -> Iterator[None]:
        """Meanwhile the board is as it was: whatever happens takes longer to come here than a hand needs."""
        held: list[Route] = []  # a handler that does not answer holds the request; leaving lets it go
        self.page.route("**/board/columns", lambda route: held.append(route))
        yield
        self.page.unroute("**/board/columns")

    def close(self) -> None:
        self.context.close()
