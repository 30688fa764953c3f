"""Telegram's HTML, by the rules and with the errors of td/telegram/MessageEntity.cpp (lines 3240-3560)."""

import re
from dataclasses import dataclass

from sandbox.errors import ApiError, bad_request
from sandbox.values import Json

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_SPECIAL = re.compile(rb"[<&]")
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]+)|#0*([0-9]+)|([A-Za-z]+));?")
_MAX_DIGITS = 7  # of a character's number without leading zeros
_EMOJI_ID = re.compile("[1-9][0-9]{0,18}")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_SPACE = b" \t\r\n\0\v"
_NAME_END = b"=>/\"'" + _SPACE
MAX_COVERED = 2048  # of a text that is its own address; ours: it bounds what links inside links cost
_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    argument: str
    offset: int
    part: int


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of every entity."""
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def checked_link(url: str) -> str:
    """The address a link leads to; "" for an invalid address: then the text stays plain, as with Telegram."""
    address = url if "://" in url or url.startswith(("tg:", "mailto:", "tel:")) else f"http://{url}/"
    known = re.fullmatch(r"[a-z]+:(//)?[^\s]+", address) and ("." in address or "://" in url or ":" in url)
    return address if known else ""


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """The plain text and its entities. Raises ApiError 400 "can't parse entities: ..."."""
    return _Parser(markup.encode()).run()


class _Parser:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0  # UTF-16 units written so far
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while found := _SPECIAL.search(self.source, self.at):
            self._write(self.source[self.at : found.start()].decode())
            self.at = found.start()
            if self.source[self.at] == ord("&"):
                self._reference()
            else:
                self._tag()
        self._write(self.source[self.at :].decode())
        if self.open:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _write(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += utf16_length(text)

    def _reference(self) -> None:
        text, self.at = _decode_reference(self.source, self.at)
        self._write(text)

    def _tag(self) -> None:
        begin = self.at
        if self.source[begin + 1 : begin + 2] == b"/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _peek(self) -> bytes:
        return self.source[self.at : self.at + 1]

    def _skip_spaces(self) -> None:
        while (letter := self._peek()) and letter in _SPACE:
            self.at += 1

    def _read_until(self, stops: bytes) -> bytes:
        begin = self.at
        while (letter := self._peek()) and letter not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def _start_tag(self, begin: int) -> None:
        self.at += 1
        tag = self._read_until(b">" + _SPACE).decode().lower()
        if not self._peek():
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise _cannot(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Open(tag, argument, self.length, len(self.parts)))

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._skip_spaces()
            if self._peek() == b">":
                self.at += 1
                return argument
            name = self._read_until(_NAME_END)
            if not name:
                raise _cannot(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            self._skip_spaces()
            if not self._peek():
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {begin}')
            value = self._attribute_value(tag, begin) if self._peek() == b"=" else None
            argument = _argument(tag, name.decode(), value, argument)

    def _attribute_value(self, tag: str, begin: int) -> str:
        self.at += 1
        self._skip_spaces()
        if not self._peek():
            raise _cannot(f'Unclosed start tag "{tag}" at byte offset {begin}')
        quoted = self._peek() in b"'\""
        value = self._quoted() if quoted else self._token()
        if not self._peek():
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        return value

    def _token(self) -> str:
        begin = self.at
        match = _TOKEN.match(self.source, begin)
        self.at = match.end() if match else begin
        if (letter := self._peek()) and letter not in b">" + _SPACE:
            raise _cannot(f"Unexpected end of name token at byte offset {begin}")
        return self.source[begin : self.at].decode().lower()

    def _quoted(self) -> str:
        quote = self._peek()
        self.at += 1
        pieces: list[str] = []
        while (letter := self._peek()) and letter != quote:
            if letter == b"&":
                text, self.at = _decode_reference(self.source, self.at)
                pieces.append(text)
            else:
                pieces.append(self._read_until(quote + b"&").decode())
        self.at += 1 if self._peek() else 0
        return "".join(pieces)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise _cannot(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        name = self._read_until(b">" + _SPACE).decode().lower()
        self._skip_spaces()
        if self._peek() != b">":
            raise _cannot(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _cannot(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{name}>"')
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {"type": _TAGS[opened.tag], "offset": opened.offset}
        entity["length"] = self.length - opened.offset
        if opened.tag == "a":
            self._close_link(entity, opened.argument or self._covered(opened))
        elif opened.tag in ("pre", "code") and self._merge_pre(entity, opened):
            return
        else:
            if opened.tag == "blockquote" and opened.argument:
                entity["type"] = "expandable_blockquote"
            if opened.tag == "tg-emoji":
                entity["custom_emoji_id"] = _emoji_id(opened.argument)
            if opened.tag == "code" and opened.argument:
                entity["_language"] = opened.argument
            self.entities.append(entity)

    def _covered(self, opened: _Open) -> str:
        """The text that stands for the address of a link without one."""
        return "".join(self.parts[opened.part :]) if self.length - opened.offset <= MAX_COVERED else ""

    def _close_link(self, entity: Json, url: str) -> None:
        address = checked_link(url)
        if address:
            self.entities.append(entity | {"url": address})

    def _merge_pre(self, entity: Json, opened: _Open) -> bool:
        """`<pre><code class="language-x">` becomes one entity with a language."""
        last = self.entities[-1] if self.entities else None
        same = last is not None and (last["offset"], last["length"]) == (entity["offset"], entity["length"])
        if last is None or not same or opened.tag != "pre" or "_language" not in last:
            return False
        last["type"] = "pre"
        last["language"] = last.pop("_language")
        return True


def _argument(tag: str, name: str, value: str | None, present: str) -> str:
    """The tag's value of one attribute; unknown attributes are ignored."""
    if tag == "blockquote" and name == "expandable":
        return "1"
    if value is None:
        return present
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return present


def _emoji_id(argument: str) -> str:
    if not _EMOJI_ID.fullmatch(argument) or int(argument) >= 2**63:
        raise _cannot("Invalid custom emoji identifier specified")
    return argument


def _decode_reference(source: bytes, at: int) -> tuple[str, int]:
    """The character and the place after it; an unknown reference is a plain ampersand."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return "&", at + 1
    hexadecimal, decimal, named = match.groups()
    if named is not None:
        text = _NAMED.get(named, "")
    else:
        text = _character(int(hexadecimal or decimal[: _MAX_DIGITS + 1], 16 if hexadecimal else 10))
    return (text, match.end()) if text else ("&", at + 1)


def _character(code: int) -> str:
    return "" if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def _cannot(text: str) -> ApiError:
    error = bad_request("can't parse entities: ")
    return ApiError(error.code, error.description + text)
