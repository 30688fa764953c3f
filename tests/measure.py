"""Counts how large and how plain the code is, as a part of `make check`: `python -m tests.measure`.

What exceeds its limit fails. The ceilings of `type: ignore` and `Any` are what there is: they may only fall.
"""

from __future__ import annotations

import ast
import io
import statistics
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "webapp" / "templates"
CHAT_PAGE = ROOT / "sandbox" / "static" / "index.html"
PRODUCT = ("common", "bot_daemon", "webapp", "sandbox")
REST = ("tests", "benchmarks", "docs")

MOST_MODULES = 12  # flat in a package
MOST_LINES = 300  # of a module, of the product as of the tests
MEDIAN, NINE_OF_TEN = 6, 17  # lines of a function: of the median one, and what nine of ten keep to
MOST_CHARACTERS = 160  # of a template's line
IGNORES, ANYS = 49, 613

# Public classes of one name, each with the reason why its folder makes the difference plain.
NAMESAKES = {
    "Action": "what a role may do (permissions); what a person does to a draft (conversation)",
    "Answer": "what a step answers (chat); what a Bot API method answers (emulator)",
    "Bot": "the row of a bot (models); a bot as the emulator knows it",
    "Call": "a call of our API (webapp); a call of the Bot API (emulator)",
    "CategoryPage": "a page of the list of categories (API); what the page of a category shows (desk)",
    "Draft": "the row of a draft (models); the draft as a value that decisions change (conversation)",
    "Group": "endpoints under one heading (webapp); a chat of several people (emulator)",
    "Hub": "the live pages that wait (webapp); the chat pages that wait (emulator)",
    "LineChanged": "the event (facts); a step of a story that happened (demo)",
    "QuestionAsked": "the event (facts); a step of a story that happened (demo)",
    "Message": "a message as our API shows it (webapp); a message in a chat (emulator)",
    "OrderPage": "a page of the list of orders (API); what the page of an order shows (desk)",
    "Person": "the row of a person (models); a person who has Telegram (emulator)",
    "PartPage": "a page of the list of parts (API); what the page of a part shows (desk)",
    "PersonPage": "a page of the list of people (API); what the page of a person shows (desk)",
    "Press": "what a button of ours says (chat); a press on its way (emulator)",
    "Revision": "the row that changes of pages raise (models); its answer in the API (webapp)",
    "Unreachable": "why a person cannot be reached (daemon); why a webhook cannot be (emulator)",
    "Wish": "what a mechanic wants changed (common); the same as our API shows it (webapp)",
}


@dataclass(frozen=True)
class Source:
    """One Python file."""

    name: str
    text: str

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def is_of_product(self) -> bool:
        return self.name.startswith(PRODUCT)

    @property
    def is_migration(self) -> bool:
        return "/migrations/versions/" in self.name

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def tokens(self) -> Iterator[tokenize.TokenInfo]:
        return tokenize.generate_tokens(io.StringIO(self.text).readline)


@dataclass(frozen=True)
class Measure:
    """What was counted, in words, and what of it exceeds its limit."""

    text: str
    wrong: list[str]


def read_sources() -> list[Source]:
    paths = sorted(path for name in PRODUCT + REST for path in (ROOT / name).rglob("*.py"))
    return [Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]


def modules_in_a_package(sources: list[Source]) -> Measure:
    counted = Counter(s.folder for s in sources if not s.name.endswith("__init__.py") and not s.is_migration)
    wrong = [f"{folder} holds {n} modules, {MOST_MODULES} at most" for folder, n in counted.items() if n > MOST_MODULES]
    return Measure(f"modules flat in a package: {max(counted.values())} at most", wrong)


def lines_of_a_module(sources: list[Source]) -> Measure:
    written = [source for source in sources if not source.is_migration]
    wrong = [f"{s.name} has {s.lines} lines, {MOST_LINES} at most" for s in written if s.lines > MOST_LINES]
    product = max(source.lines for source in written if source.is_of_product)
    return Measure(f"largest module: {product} lines; of the tests too: {max(s.lines for s in written)}", wrong)


def lines_of_a_function(sources: list[Source]) -> Measure:
    functions = [
        (node.end_lineno or 0) - node.lineno + 1
        for source in sources
        if source.is_of_product and not source.is_migration
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    median, ninth = statistics.median(functions), statistics.quantiles(functions, n=10)[-1]
    text = f"functions: {len(functions)}, of {median:g} lines at the median, {ninth:g} at the ninetieth percentile"
    return Measure(text, [] if median <= MEDIAN and ninth <= NINE_OF_TEN else [f"{text}; {MEDIAN} and {NINE_OF_TEN}"])


def namesakes(sources: list[Source]) -> Measure:
    homes: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        if source.is_of_product:
            for node in source.tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].append(source.name)
    shared = {name: where for name, where in homes.items() if len(where) > 1}
    wrong = [f"{name} is a class in {', '.join(shared[name])}" for name in sorted(shared.keys() - NAMESAKES.keys())]
    wrong += [f"{name} is the name of one class only" for name in sorted(NAMESAKES.keys() - shared.keys())]
    return Measure(f"public class names that occur twice: {len(shared)}, each with its reason", wrong)


def lines_of_templates(_sources: list[Source]) -> Measure:
    lengths = [
        (len(line), f"{path.relative_to(ROOT)}:{number}")
        for path in (CHAT_PAGE, *sorted(TEMPLATES.rglob("*.*")))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]
    wrong = [f"{where} has {n} characters, {MOST_CHARACTERS} at most" for n, where in lengths if n > MOST_CHARACTERS]
    return Measure(f"longest template line: {max(lengths)[0]} characters", wrong)


def loosened_types(sources: list[Source]) -> Measure:
    tokens = [token for source in sources for token in source.tokens()]
    ignores = sum(token.type == tokenize.COMMENT and token.string.startswith("# type: ignore") for token in tokens)
    anys = sum(token.type == tokenize.NAME and token.string == "Any" for token in tokens)
    text = f"type: ignore {ignores}, Any {anys}"
    return Measure(text, [] if ignores <= IGNORES and anys <= ANYS else [f"{IGNORES} and {ANYS} at most"])


MEASURES: tuple[Callable[[list[Source]], Measure], ...] = (
    modules_in_a_package,
    lines_of_a_module,
    lines_of_a_function,
    namesakes,
    lines_of_templates,
    loosened_types,
)


def main() -> int:
    sources = read_sources()
    measures = [measure(sources) for measure in MEASURES]
    for measure in measures:
        print("\n".join([measure.text, *(f"  {wrong}" for wrong in measure.wrong)]))
    return 1 if any(measure.wrong for measure in measures) else 0


if __name__ == "__main__":
    sys.exit(main())
