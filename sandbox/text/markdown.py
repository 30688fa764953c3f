"""MarkdownV2 and the older Markdown, by the rules and with the errors of td/telegram/MessageEntity.cpp (1929-2420)."""

import re
from dataclasses import dataclass

from sandbox.errors import ApiError, bad_request
from sandbox.text.html import MAX_COVERED, checked_link, utf16_length
from sandbox.values import Json

_RESERVED = "_*[]()~`>#+-=|{}.!"
_TYPES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "TextUrl": "text_link",
    "CustomEmoji": "custom_emoji",
    "BlockQuote": "blockquote",
}
# The mark that opens each entity, longest first, and the mark that closes it.
_MARKS = (
    ("```", "Pre", "```"),
    ("__", "Underline", "__"),
    ("||", "Spoiler", "||"),
    ("![", "CustomEmoji", "]"),
    ("_", "Italic", "_"),
    ("*", "Bold", "*"),
    ("~", "Strikethrough", "~"),
    ("`", "Code", "`"),
    ("[", "TextUrl", "]"),
)
_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_EMOJI = re.compile(r"tg://emoji\?id=(\d+)")
_ADDRESS = re.compile(r"((?:[^)\\]|\\.)*)\)", re.DOTALL)
_OLD = re.compile(r"\\([_*`\[])|```|[_*`\[]")


@dataclass(slots=True)
class _Open:
    type: str
    end: str
    offset: int
    part: int
    at: int
    language: str = ""


def parse_markdown_v2(markup: str) -> tuple[str, list[Json]]:
    """The plain text and its entities. Raises ApiError 400 "can't parse entities: ..."."""
    return _Parser(markup).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.quotes = 0  # open quotations
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step()
        if self.open and self.open[-1].type == "BlockQuote":
            self._close(self.open.pop(), {})
        if self.open:
            raise self._unclosed(self.open[-1])
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _step(self) -> None:
        letter = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if letter == "\\" and following and following <= "~":
            self._write(following, 2)
        elif self.open and self._closes(self.open[-1]):
            self._end()
        elif letter == "\n":
            self._newline()
        elif letter in _RESERVED and not (self.open and self.open[-1].type in ("Code", "Pre", "PreCode")):
            self._begin(letter)
        else:
            self._write(letter, 1)

    def _write(self, text: str, taken: int) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)
        self.at += taken

    def _closes(self, last: _Open) -> bool:
        if last.type == "Italic" and self.source.startswith("__", self.at):
            return False
        return last.type != "BlockQuote" and self.source.startswith(last.end, self.at)

    def _newline(self) -> None:
        """A quotation ends with the line, unless the next one goes on with `>`."""
        quoted = self.quotes > 0
        goes_on = self.source.startswith(">", self.at + 1)
        if quoted and not goes_on:
            last = self.open.pop()
            if last.type != "BlockQuote":
                raise self._unclosed(last)
            self.quotes -= 1
            self._close(last, {})
        self._write("\n", 1)
        if quoted and goes_on:
            self.at += 1

    def _begin(self, letter: str) -> None:
        if letter == ">" and (not self.parts or self.parts[-1] == "\n"):
            self._push("BlockQuote", "", 1)
            self.quotes += 1
            return
        for mark, kind, end in _MARKS:
            if self.source.startswith(mark, self.at):
                self._push(kind, end, len(mark))
                if kind == "Pre":
                    self._begin_pre(self.open[-1])
                return
        raise _cannot(f"Character '{letter}' is reserved and must be escaped with the preceding '\\'")

    def _push(self, kind: str, end: str, taken: int) -> None:
        self.open.append(_Open(kind, end, self.length, len(self.parts), self.at))
        self.at += taken

    def _begin_pre(self, opened: _Open) -> None:
        """A language on the first line, and that line's end, are not part of the text."""
        if match := _LANGUAGE.match(self.source, self.at):
            opened.type, opened.language = "PreCode", match[1]
            self.at = match.end()
        if self.source.startswith("\n", self.at):
            self.at += 1

    def _end(self) -> None:
        last = self.open.pop()
        self.at += len(last.end)
        more: Json = {"language": last.language} if last.language else {}
        if last.type in ("TextUrl", "CustomEmoji"):
            found = self._address(last)
            if found is None:
                return
            more = found
        self._close(last, more)

    def _address(self, last: _Open) -> Json | None:
        """The url or emoji of a closed bracket; None when the link leads nowhere and stays plain text."""
        url = self._parentheses() if self.source.startswith("(", self.at) else None
        if last.type == "TextUrl":
            link = checked_link(self._covered(last) if url is None else url)
            return {"url": link} if link else None
        if url is None:
            raise _cannot("The entity must contain a tg://emoji or tg://time URL")
        if (match := _EMOJI.fullmatch(url)) is None:
            raise _cannot("Invalid tg://emoji or tg://time URL specified")
        return {"custom_emoji_id": match[1]}

    def _covered(self, opened: _Open) -> str:
        """The text that stands for the address of a link without one."""
        return "".join(self.parts[opened.part :]) if self.length - opened.offset <= MAX_COVERED else ""

    def _parentheses(self) -> str:
        begin = self.at + 1
        match = _ADDRESS.match(self.source, begin)
        if match is None:
            raise _cannot(f"Can't find end of a URL at byte offset {self._bytes(begin)}")
        self.at = match.end()
        return re.sub(r"\\([\x01-\x7e])", r"\1", match[1])

    def _close(self, opened: _Open, more: Json) -> None:
        length = self.length - opened.offset
        if length > 0:
            self.entities.append({"type": _TYPES[opened.type], "offset": opened.offset, "length": length} | more)

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _unclosed(self, opened: _Open) -> ApiError:
        return _cannot(f"Can't find end of {opened.type} entity at byte offset {self._bytes(opened.at)}")


def parse_markdown(markup: str) -> tuple[str, list[Json]]:
    """The older mode: no nesting, four marks, a backslash before one of them."""
    parts: list[str] = []
    entities: list[Json] = []
    at = length = 0
    while match := _OLD.search(markup, at):
        plain = markup[at : match.start()]
        length += utf16_length(plain)
        if match[1]:
            text, entity, at = match[1], None, match.end()
        else:
            text, entity, at = _old_entity(markup, match)
        size = utf16_length(text)
        if entity is not None and text:
            entities.append({"type": entity["type"], "offset": length, "length": size} | entity)
        parts += [plain, text]
        length += size
    return "".join([*parts, markup[at:]]), entities


def _old_entity(markup: str, match: re.Match[str]) -> tuple[str, Json | None, int]:
    """Text, entity and the place behind it."""
    mark, begin = match[0], match.end()
    language = _LANGUAGE.match(markup, begin) if mark == "```" else None
    begin = language.end() if language else begin
    begin += 1 if mark == "```" and markup.startswith("\n", begin) else 0
    end = markup.find("]" if mark == "[" else mark, begin)
    if end < 0:
        place = len(markup[: match.start()].encode())
        raise _cannot(f"Can't find end of the entity starting at byte offset {place}")
    text, behind = markup[begin:end], end + len(mark)
    if mark == "[":
        closing = markup.find(")", behind) if markup.startswith("(", behind) else -1
        address = checked_link(markup[behind + 1 : closing] if closing >= 0 else text)
        return text, {"type": "text_link", "url": address} if address else None, max(behind, closing + 1)
    kind = {"_": "italic", "*": "bold", "`": "code", "```": "pre"}[mark]
    return text, {"type": kind} | ({"language": language[1]} if language else {}), behind


def _cannot(text: str) -> ApiError:
    return ApiError(400, bad_request("can't parse entities: ").description + text)
