"""A storekeeper's browser, without the browser: it keeps cookies, says where its forms come from, fills them in."""

from __future__ import annotations

import http.client
import http.cookies
import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.support import multipart
from tests.support.cast import PASSWORD, RINA, Member

TIMEOUT = 30.0


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    text: str

    def forms(self) -> list[Form]:
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms

    def form(self, **holds: str) -> Form:
        """The form with these values in its fields."""
        fitting = [form for form in self.forms() if holds.items() <= form.fields.items()]
        assert fitting, f"no form with {holds}: {[form.fields for form in self.forms()]}"
        return fitting[0]

    def within(self, tag: str, **attributes: str) -> list[str]:
        """The text of each such element."""
        reader = _Texts(tag, attributes)
        reader.feed(self.text)
        return [" ".join(text.split()) for text in reader.found]


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag in ("input", "textarea") and self.forms:
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")


class _Texts(HTMLParser):
    """Every element of a kind with these attributes; none of the kind may stand inside another."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        super().__init__()
        self.tag, self.attributes = tag, attributes
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name.replace("-", "_"): value or "" for name, value in attrs}
        if tag == self.tag and self.attributes.items() <= given.items():
            self.found.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != self.tag

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


@dataclass
class Desk:
    """One browser at one desk."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        return self._ask("POST", path, urllib.parse.urlencode(fields).encode())

    def submit(self, form: Form, **typed: str) -> Page:
        return self.post(form.action, {**form.fields, **typed})

    def attach(self, form: Form, name: str, body: bytes, **typed: str) -> Page:
        """Send a form with a file in it."""
        fields = {key: value for key, value in form.fields.items() if key != name} | typed
        return self._ask("POST", form.action, multipart.form(fields, name, body, "p.jpg"), multipart.CONTENT_TYPE)

    def _ask(
        self, verb: str, path: str, body: bytes | None = None, media_type: str = "application/x-www-form-urlencoded"
    ) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(verb, path, body, self._headers(media_type if body is not None else ""))
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")  # a workbook is none
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in http.cookies.SimpleCookie(line).items()}
        return Page(answer.status, answer.headers.get("Location", ""), text)

    def _headers(self, media_type: str = "") -> dict[str, str]:
        headers = {"Accept": "text/html", "Cookie": "; ".join(f"{name}={v}" for name, v in self.cookies.items())}
        if media_type:
            headers |= {"Origin": self.origin, "Content-Type": media_type}
        return headers

    # What a storekeeper does

    def sign_in(self, member: Member = RINA, password: str = PASSWORD) -> None:
        form = self.get("/login").form(username="")
        answer = self.submit(form, username=member.username, password=password)
        assert answer.status == 303, f"{answer.status}: {answer.text[:500]}"

    def column(self, state: str) -> list[int]:
        """The numbers of the orders in a column of the board."""
        page = self.get("/board/columns")
        assert page.status == 200, page.status
        section = page.text.partition(f'id="{state}"')[2].partition("</section>")[0]
        return [int(number) for number in Page(200, "", section).within("a", **{"class": "number"})]

    def move(self, order_id: int, move: str, **typed: str) -> Page:
        """Open the order, press the button of this move."""
        page = self.get(f"/orders/{order_id}")
        answer = self.submit(page.form(move=move), **typed)
        assert answer.status == 303, f"{move} of {order_id}: {answer.status}"
        return answer

    def receipts(self, order_id: int) -> list[str]:
        """Each message of the order as its page tells it, newest first."""
        page = self.get(f"/orders/{order_id}")
        messages = page.text.partition('id="messages"')[2].partition("</section>")[0]
        return Page(200, "", messages).within("p", **{"class": "what"})
