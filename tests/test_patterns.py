"""No regular expression of ours takes more than linear time, whatever text it gets.

`re` holds the interpreter's lock: while it tries, no thread of the process answers anybody.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from tests.support.ambiguity import Automaton, Mode, slow
from tests.test_layers import ROOT, modules

FUNCTIONS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
ANCHORED = {"match", "fullmatch"}
JS = re.compile(
    r"(?<=[(=,:!&|?\s])/((?:[^/\\\n\[*]|\\.|\[(?:[^\]\\\n]|\\.)*\])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])*)/"
)
HTML = re.compile(r'\bpattern="([^"]+)"')
AFFORDABLE = 0.03  # seconds of the processor; a linear pattern takes less than a thousandth for LONG letters
LONG = 3000


class Pattern(NamedTuple):
    where: str
    text: str | bytes
    flags: int
    mode: Mode


# Finding them -------------------------------------------------------------------------------------------------------


@cache
def sources() -> dict[str, str]:
    return {name: path.read_text(encoding="utf-8") for name, path in modules()}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(sources()[module])


@cache
def parents(module: str) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree(module)) for child in ast.iter_child_nodes(node)}


def in_python() -> Iterator[Pattern]:
    for name in [name for name, text in sources().items() if "re." in text or "pattern" in text]:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call) and _function(node) in FUNCTIONS:
                yield from _called(name, node)
            elif isinstance(node, ast.keyword) and node.arg == "pattern":  # of pydantic
                yield Pattern(f"{name}:{node.lineno}", _value(name, node.value), 0, "search")
            elif isinstance(node, ast.Dict):  # of a JSON schema
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "pattern":
                        yield Pattern(f"{name}:{node.lineno}", _value(name, value), 0, "search")


def _function(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "re" else ""


def _called(module: str, call: ast.Call) -> Iterator[Pattern]:
    where = f"{module}:{call.lineno}"
    if not isinstance(call.args[0], ast.Constant):
        assert _function(call) == "compile", f"{where}: compile this pattern and give it a name in the module"
        yield from _built(module, where)
        return
    rest = [*call.args[1:], *(keyword.value for keyword in call.keywords if keyword.arg == "flags")]
    named = [node.attr for argument in rest for node in ast.walk(argument) if isinstance(node, ast.Attribute)]
    flags = sum(int(getattr(re, flag)) for flag in named if flag.isupper() and hasattr(re, flag))
    text = call.args[0].value
    assert isinstance(text, str | bytes)
    yield Pattern(where, text, flags, _mode(module, call))


def _built(module: str, where: str) -> Iterator[Pattern]:
    """What is put together at run time is looked for in the module's values, and in what these hold."""
    values = [value for value in vars(import_module(module)).values() if not isinstance(value, type)]
    held = [inner for value in values for inner in (value, *getattr(value, "__dict__", {}).values())]
    found = [one for one in held if isinstance(one, re.Pattern)]
    assert found, f"{where}: this pattern cannot be found, give it a name in the module"
    for one in found:
        yield Pattern(where, one.pattern, one.flags & ~re.UNICODE, "search")


def _mode(module: str, call: ast.Call) -> Mode:
    """`search` unless every mention of the pattern's name matches from the beginning."""
    function, parent = _function(call), parents(module)[call]
    uses = {function}
    if function == "compile" and isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        uses = set(_uses(parent.targets[0].id, module))
    if uses == {"fullmatch"}:
        return "fullmatch"
    return "match" if uses and uses <= ANCHORED else "search"


def _uses(name: str, module: str) -> Iterator[str]:
    """What is called on a pattern of this name; empty for whatever else is done with it."""
    for other, text in sources().items():
        if name in text and (other == module or not name.startswith("_")):
            for node, parent in parents(other).items():
                is_name = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id == name
                if is_name or (isinstance(node, ast.Attribute) and node.attr == name):
                    yield parent.attr if isinstance(parent, ast.Attribute) else ""


def _value(module: str, node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else getattr(import_module(module), ast.unparse(node))
    assert isinstance(value, str)
    return value


def in_pages() -> Iterator[Pattern]:
    """JavaScript's regular expressions, and what fields of forms want."""
    files = [path for package in ("webapp", "sandbox") for path in (ROOT / package).rglob("*") if _is_page(path)]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for hit in JS.finditer(text) if path.suffix == ".js" else ():
            written = hit[1].replace(r"\p{L}", r"\w").replace(r"\p{N}", r"\d")  # more letters than it reads
            yield Pattern(path.name, written, 0, "search")
        for hit in HTML.finditer(text):
            yield Pattern(path.name, hit[1], 0, "fullmatch")


def _is_page(path: Path) -> bool:
    return path.suffix in (".js", ".html") and "vendor" not in path.parts


@cache
def ours() -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys([*in_python(), *in_pages()]))


# Measuring one ------------------------------------------------------------------------------------------------------


def runner(pattern: Pattern) -> Callable[[str], object]:
    compiled = re.compile(pattern.text, pattern.flags)
    read: Callable[[str | bytes], object] = getattr(compiled, "findall" if pattern.mode == "search" else pattern.mode)
    if isinstance(pattern.text, bytes):
        return lambda text: read(text.encode("latin-1", "ignore"))
    return read


def seconds(run: Callable[[str], object], text: str, times: int = 3) -> float:
    """Of the processor: what other processes use is not counted. The best time, unless the first is affordable."""
    best = float("inf")
    for _ in range(times):
        began = time.thread_time()
        run(text)
        best = min(best, time.thread_time() - began)
        if best < AFFORDABLE:
            break
    return best


def grows(run: Callable[[str], object], prefix: str, pump: str, suffix: str, longest: int) -> bool:
    """Whether a text of at most so many letters costs too much; in small steps, since the time may explode."""
    length = 8
    while length <= longest:
        if seconds(run, prefix + pump * (length // len(pump)) + suffix, times=1) > AFFORDABLE:
            return True
        length += max(1, length // 10 if length < 100 else length // 2)
    return False


# What it finds ------------------------------------------------------------------------------------------------------

BAD = [
    (r"\{\s*([^{}]*?)\s*\}", "search"),  # three loops that read spaces
    (r"((?:\\[\x01-\x7e]|[^)\\]|\\)*)\)", "match"),  # two ways to read an escaped letter
    (r"--([a-z-]+): light-dark", "search"),  # the search begins again within what the loop reads
    (r"\d{6,}(:|%3A)[A-Za-z0-9_-]{30,}", "search"),
    (rb"\d{6,}(:|%3A)[A-Za-z0-9_-]{30,}", "search"),
    (r"<.*?>", "search"),
    (r"\s+$", "search"),
    (r"^\s+|\s+$", "search"),
    (r"(?m)^(?:\w+ ?)*:$", "search"),
    (r"(a+)+b", "match"),
    (r"(a|a)*b", "match"),
    (r"(a*)*b|a*", "match"),  # slow although it matches in the end
    (r"(?:a|ab|b)*c", "fullmatch"),
    (r"(?:(?:|)a)*b", "match"),
    (r"(?:a?){20}a{20}b", "match"),  # no loop without a bound
    (r"(?:aa?){1,24}b", "match"),
    (r"[a-z]*[a-f0-9]*!", "match"),
    (r"(?i)[A-F]*[a-f]*!", "match"),
    (r".*,.*,.*,x", "match"),
    (r"(?<=x)\w*\d*!", "search"),
    (r"a(?:[^b]*b)?", "search"),  # each hit looks to the end first
    (r"(\w+\s?)+\.", "match"),
    (r"(?:\"[^\"]*\"|\S+)*=", "match"),
]
GOOD = [
    (r"\{([^{}]*)\}", "search"),
    (r"((?:[^)\\]|\\.)*)\)", "match"),
    (r"(?<![a-z-])--([a-z-]+): light-dark", "search"),
    (r"(?<!\d)\d{6,}(:|%3A)[A-Za-z0-9_-]{30,}", "search"),
    (r"<[^<>]*>", "search"),
    (r"^\s+", "search"),
    (r"\s+", "search"),
    (r"(.)\1+", "search"),
    (r"(?:a*b)*", "fullmatch"),
    (r"\s+$", "match"),
    (r"[^@]+@[^@.]+\.[a-z]+", "fullmatch"),
]


@pytest.mark.parametrize(("text", "mode"), BAD)
def test_a_pattern_that_can_take_long_is_found_and_takes_long(text: str | bytes, mode: Mode) -> None:
    found = slow(text, 0, mode)
    assert found is not None
    run = runner(Pattern("", text, 0, mode))
    assert grows(run, found.prefix or "\0", found.pump, "\0", longest=20_000), found  # nothing here reads the zero


@pytest.mark.parametrize(("text", "mode"), GOOD)
def test_a_pattern_that_is_linear_is_let_through(text: str, mode: Mode) -> None:
    assert slow(text, 0, mode) is None


# What there is ------------------------------------------------------------------------------------------------------


def test_every_pattern_is_found() -> None:
    found = {pattern.text for pattern in ours()}
    known = {r"\{([^{}]*)\}", rb"[<&]", r"[0-9]{3}", r"^[ -~]+$", r"(^|\s)\/([\w\d][\w\d_-]{0,23})\s$", r"home\Z"}
    assert known - found == set()
    modes = {pattern.mode for pattern in ours()}
    assert modes == set(get_args(Mode))


def test_patterns_are_made_by_the_name_of_re_so_that_they_are_found() -> None:
    odd = re.compile(r"^\s*(?:from (?:re|regex) import|import (?:regex|re as))\b", re.MULTILINE)
    assert [name for name, text in sources().items() if odd.search(text)] == []


def test_no_pattern_takes_more_than_linear_time() -> None:
    found = {f"{one.where} {one.text!r}": slow(one.text, one.flags, one.mode) for one in ours()}
    assert {where: bad for where, bad in found.items() if bad} == {}


def test_no_pattern_takes_long_for_a_text_of_its_own_letters() -> None:
    """The same, measured: whatever two kinds of letters, one once and the other thousands of times."""
    for pattern in ours():
        kinds = Automaton(pattern.text, pattern.flags, pattern.mode).problem_names[-10:]
        run = runner(pattern)
        for first, other in product(kinds, kinds):
            for pump in (other, first + other):
                text = first + pump * (LONG // len(pump)) + "\0"
                assert seconds(run, text) < AFFORDABLE, (pattern, first, pump)
