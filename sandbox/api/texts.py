"""The text of a message: parse mode, entities, trimming, lengths."""

import re
from bisect import bisect_left
from itertools import accumulate
from typing import Any

from sandbox import errors
from sandbox.api.parameters import Parameters
from sandbox.errors import bad_request
from sandbox.text.html import parse_html, utf16_length
from sandbox.text.markdown import parse_markdown, parse_markdown_v2
from sandbox.values import Json

MAX_TEXT = 4096  # docs, sendMessage: "1-4096 characters after entities parsing"
MAX_CAPTION = 1024  # docs, sendPhoto: "0-1024 characters after entities parsing"
MAX_SOURCE_BYTES = 1 << 15  # Client.cpp:11309
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_URL = re.compile(r"https?://[^\s<>\"]+")
_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}\b")
_DETECTED = ((_COMMAND, "bot_command"), (_URL, "url"), (_MENTION, "mention"))
_OPAQUE = ("code", "pre", "text_link", "text_mention", "custom_emoji")
_CONTROL = {code: " " for code in range(32) if code != 10} | {13: None}

_MODES = {"html": parse_html, "markdownv2": parse_markdown_v2, "markdown": parse_markdown}

Formatted = tuple[str, list[Json]]


def read_text(parameters: Parameters) -> Formatted:
    """`text` of sendMessage and editMessageText, checked."""
    if not parameters.text("text"):
        raise bad_request(errors.TEXT_EMPTY)
    text, entities = _read_formatted(parameters, "text", "entities")
    if not text:
        raise bad_request(errors.TEXT_BLANK)
    if len(text) > MAX_TEXT:
        raise bad_request(errors.TEXT_TOO_LONG)
    return text, entities


def read_caption(parameters: Parameters) -> Json:
    """`caption` and its entities as fields of Message; empty without a caption."""
    text, entities = _read_formatted(parameters, "caption", "caption_entities")
    if len(text) > MAX_CAPTION:
        raise bad_request("Message caption is too long")  # td/telegram/MessageContent.cpp:5242
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


def _read_formatted(parameters: Parameters, name: str, entities_name: str) -> Formatted:
    source = parameters.text(name)
    if len(source) > MAX_SOURCE_BYTES // 4 and len(source.encode()) > MAX_SOURCE_BYTES:
        raise bad_request(errors.TEXT_HUGE)
    mode = parameters.text("parse_mode").lower() if source else ""
    if mode in _MODES:
        text, entities = _MODES[mode](source.translate(_CONTROL))
    elif mode in ("", "none"):
        text, entities = source.translate(_CONTROL), _read_entities(parameters.json(entities_name, "entities"))
    else:
        raise bad_request("Unsupported parse_mode")  # Client.cpp:11323
    return trim(text, entities + _uncovered(detect_entities(text), entities))


def _uncovered(found: list[Json], entities: list[Json]) -> list[Json]:
    """Nothing is detected inside code and links (td/telegram/MessageEntity.cpp find_entities, remove_intersecting)."""
    spans = sorted((one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] in _OPAQUE)
    begins = [begin for begin, _end in spans]
    reach = [0, *accumulate((end for _begin, end in spans), max)]  # where the first 0, 1, 2… spans end at the latest
    return [one for one in found if reach[bisect_left(begins, one["offset"] + one["length"])] <= one["offset"]]


def _read_entities(entities: Any) -> list[Json]:
    """Entities that came with the call. Source of the refusal: Client.cpp:11341."""
    if not isinstance(entities, list):
        return []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("Can't parse MessageEntity: Can't find field \"type\"")
        if not all(isinstance(entity.get(name), int) for name in ("offset", "length")):
            raise bad_request("Can't parse MessageEntity: Can't find field \"offset\"")
    return list(entities)


def detect_entities(text: str) -> list[Json]:
    """The commands, addresses and mentions that Telegram detects by itself."""
    if not any(mark in text for mark in "/@"):
        return []
    units = list(accumulate((1 + (letter > "\uffff") for letter in text), initial=0))  # UTF-16 before each letter
    return [
        {"type": kind, "offset": units[match.start()], "length": units[match.end()] - units[match.start()]}
        for pattern, kind in _DETECTED
        for match in pattern.finditer(text)
    ]


def trim(text: str, entities: list[Json]) -> Formatted:
    """The text without surrounding white space. Its entities are adjusted, and dropped when they become empty."""
    body = text.strip()
    if body == text or not entities:
        return body, entities
    lead, end = utf16_length(text[: len(text) - len(text.lstrip())]), utf16_length(body)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        stop = min(end, entity["offset"] + entity["length"] - lead)
        if stop > start:
            moved.append(entity | {"offset": start, "length": stop - start})
    return body, moved
