"""Checkers over the journal: each returns its findings as sentences; an empty list means that all is well.

They take entries as `Sandbox.journal()` gives them, oldest first.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from sandbox.telegram.flood import GROUP_COUNT, GROUP_SECONDS, OVERALL_BURST, OVERALL_RATE

Entry = dict[str, Any]
Key = Callable[[Entry], Hashable | None]
FILES = ("sendPhoto", "sendDocument", "sendVoice", "sendVideo", "sendAudio", "sendMediaGroup")
SENDS = ("sendMessage", *FILES, "copyMessage", "forwardMessage")
EDITS = ("editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup")
LIMITED = (*SENDS, *EDITS)


def sends(entries: Iterable[Entry]) -> list[Entry]:
    """The calls that put a message into a chat, whether or not the bot got the answer."""
    return [e for e in entries if e["kind"] in ("call", "reply") and e["method"] in SENDS and e["effect"]]


def same_text(entry: Entry) -> Hashable | None:
    """The usual key: this text, or this caption, in this chat; None without either."""
    given = entry["parameters"]
    text = given.get("text") or given.get("caption")
    return (entry["chat_id"], str(text)) if text else None


def sent_twice(entries: Iterable[Entry], key: Key = same_text) -> list[str]:
    """Messages that arrived more than once for a key. Entries with the key None are ignored."""
    seen: dict[Hashable, list[int]] = defaultdict(list)
    for entry in sends(entries):
        if (found := key(entry)) is not None:
            seen[found].append(entry["seq"])
    return [f"{found} was sent {len(seqs)} times: entries {seqs}" for found, seqs in seen.items() if len(seqs) > 1]


def out_of_order(entries: Iterable[Entry], stream: Key, position: Callable[[Entry], int]) -> list[str]:
    """Messages that arrived after a later one of their stream. A repeat of the newest is no disorder."""
    newest: dict[Hashable, int] = {}
    wrong = []
    for entry in sends(entries):
        found = stream(entry)
        if found is None:
            continue
        at = position(entry)
        if at < newest.get(found, at):
            wrong.append(f"entry {entry['seq']}: {at} came after {newest[found]} in {found}")
        newest[found] = max(at, newest.get(found, at))
    return wrong


def over_the_limits(entries: Iterable[Entry], burst: int = 5, slack: float = 0.25) -> list[str]:
    """Times when the bot sent more than Telegram allows, whether or not the emulator enforced the limit.

    A private chat: `burst` at once, then one a second; a group: 20 in a minute; all together: 30 a second. `slack` is
    how many seconds early a message may arrive.
    """
    calls = [e for e in entries if e["kind"] == "call" and e["method"] in LIMITED and e["chat_id"] is not None]
    wrong = _too_many(calls, "all chats", int(OVERALL_BURST), 1 / OVERALL_RATE, slack)
    chats: dict[int, list[Entry]] = defaultdict(list)
    for call in calls:
        chats[call["chat_id"]].append(call)
    for chat_id, of_chat in chats.items():
        if chat_id > 0:
            wrong += _too_many(of_chat, f"chat {chat_id}", burst, 1.0, slack)
        else:
            wrong += _too_dense(of_chat, chat_id, slack)
    return wrong


def _too_many(calls: Sequence[Entry], what: str, burst: int, interval: float, slack: float) -> list[str]:
    """Virtual scheduling: each call moves the horizon by `interval`; it may not run ahead by more than the burst."""
    wrong, horizon = [], 0.0
    for call in calls:
        horizon = max(horizon, call["at"]) + interval
        if horizon - call["at"] > burst * interval + slack:
            wrong.append(f"entry {call['seq']}: one too many for {what}")
            horizon -= interval
    return wrong


def _too_dense(calls: Sequence[Entry], chat_id: int, slack: float) -> list[str]:
    wrong = []
    window: deque[float] = deque(maxlen=GROUP_COUNT)
    for call in calls:
        if len(window) == GROUP_COUNT and call["at"] - window[0] < GROUP_SECONDS - slack:
            wrong.append(f"entry {call['seq']}: more than {GROUP_COUNT} in a minute for group {chat_id}")
            continue
        window.append(call["at"])
    return wrong


def refused(entries: Iterable[Entry], status: int) -> list[str]:
    """Calls that were answered with `status`, for example 429."""
    return [f"entry {e['seq']}: {e['method']} for {e['chat_id']}" for e in entries if e["status"] == status]


def lost(entries: Iterable[Entry]) -> list[str]:
    """Updates that never got a 2xx answer, as far as the journal reaches."""
    outcome: dict[int, bool] = {}
    for entry in entries:
        if entry["kind"] == "delivery":
            done = entry["status"] is not None and 200 <= entry["status"] <= 299 and not entry["error"]
            outcome[entry["update_id"]] = outcome.get(entry["update_id"], False) or done
    return [f"update {number} was never acknowledged" for number, done in outcome.items() if not done]
