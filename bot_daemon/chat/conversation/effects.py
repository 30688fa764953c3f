"""What a decision wants done besides storing and showing the state. Carried out in the update's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot_daemon.chat.conversation.drafts import Draft


@dataclass(frozen=True)
class Toast:
    """One line beside the pressed button: a code and what it names."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceOrder:
    """The order is placed under the draft's key; the next draft gets a key of its own."""

    draft: Draft


@dataclass(frozen=True)
class DiscardDraft:
    """The draft is given up: its key is never used again."""


@dataclass(frozen=True)
class KeepFile:
    """The photo or voice note of this update is wanted, and belongs to this line; 0: to the whole order."""

    line: int


@dataclass(frozen=True)
class MoveFiles:
    """What came with these messages belongs to this line; 0: to the whole order."""

    message_ids: tuple[int, ...]
    line: int


@dataclass(frozen=True)
class StarPart:
    """The person's star on a part is set, or cleared; the toast says which, or that there are too many."""

    part_id: int
    on: bool


Effect = Toast | PlaceOrder | DiscardDraft | KeepFile | MoveFiles | StarPart
