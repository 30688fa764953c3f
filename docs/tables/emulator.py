"""The emulator's conformance suite: each rule of Telegram that a test names, with its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from docs.markdown import table
from docs.source import ROOT, parsed

TESTS = ROOT / "tests" / "sandbox"
# The modules that test rules of Telegram, and their subjects.
AREAS = {
    "requests": "Calls",
    "sending": "Sending",
    "html": "HTML",
    "markdown": "Markdown",
    "media": "Files",
    "media_of_people": "Files of people",
    "downloads": "Getting files",
    "editing": "Changing and deleting",
    "callbacks": "Buttons",
    "commands": "Commands",
    "polling": "getUpdates",
    "updates": "Updates that wait",
    "webhook_settings": "Setting a webhook",
    "webhooks": "Delivering to a webhook",
    "webhook_retries": "Delivering again",
    "webhook_faults": "Faults of a delivery",
    "webhook_hours": "Webhooks, over hours",
    "flood": "Limits",
}
OURS = "Ours: "  # a test about the emulator itself, not a rule
SERVER = "Client|ClientManager|HttpConnection|Query|WebhookActor"
SOURCE = re.compile(rf"docs[,:] \S|seen: \S|tdlib/telegram-bot-api#\d|td [A-Z]\w+\.cpp|({SERVER})\.cpp[ :]")


@dataclass(frozen=True)
class Rule:
    area: str
    sentence: str
    source: str

    @property
    def is_ours(self) -> bool:
        return self.source.startswith(OURS)

    @property
    def names_a_source(self) -> bool:
        return SOURCE.match(self.source) is not None


def every() -> Iterator[Rule]:
    """Every test of these modules: the name as a sentence, the docstring as its source."""
    for module, area in AREAS.items():
        (path,) = TESTS.rglob(f"test_{module}.py")
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield Rule(area, _sentence(node.name), " ".join((ast.get_docstring(node) or "").split()))


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]


def found() -> list[Rule]:
    return [test for test in every() if not test.is_ours]


def rules() -> str:
    return table(("About", "Rule", "Source"), ((rule.area, rule.sentence, rule.source) for rule in found()))


def count() -> str:
    return f"The suite holds **{len(found())} rules**, each a test of its own and most of them with several cases."
