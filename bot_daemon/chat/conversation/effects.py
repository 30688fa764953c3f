"""The effects of a decision, besides storing and showing the state. They run in the update's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot_daemon.chat.conversation.drafts import Draft


@dataclass(frozen=True)
class Toast:
    """One line beside the pressed button: a code and its facts."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceOrder:
    """Place the order under the draft's key; the next draft gets a new key."""

    draft: Draft


@dataclass(frozen=True)
class DiscardDraft:
    """Discard the draft: its key is never used again."""


@dataclass(frozen=True)
class KeepFile:
    """Keep the photo or voice note of this update, for this line; 0: for the whole order."""

    line: int


@dataclass(frozen=True)
class MoveFiles:
    """Attach the files of these messages to this line; 0: to the whole order."""

    message_ids: tuple[int, ...]
    line: int


@dataclass(frozen=True)
class StarPart:
    """Set or clear the person's star on a part; the toast tells which, or that there are too many."""

    part_id: int
    on: bool


Effect = Toast | PlaceOrder | DiscardDraft | KeepFile | MoveFiles | StarPart
