"""The command line from its own parser, and the make targets from the Makefile."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from common.cli import parser
from docs.markdown import code, table
from docs.source import ROOT

TARGET = re.compile(r"^(?P<name>[a-z-]+):.*?## (?P<about>.+)$", re.MULTILINE)


def leaves(
    at: argparse.ArgumentParser | None = None, about: str = ""
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Every command without subcommands: its words, its purpose, its parser."""
    at = at or parser()
    below = [action for action in at._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield at.prog, about, at
    for group in below:
        helps = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for name, child in group.choices.items():
            yield from leaves(child, helps.get(name, ""))


def headings() -> str:
    return "\n\n".join(_heading(*leaf) for leaf in leaves())


def _heading(words: str, about: str, command: argparse.ArgumentParser) -> str:
    arguments = [action for action in command._actions if not isinstance(action, argparse._HelpAction)]
    usage = " ".join((words, *(_usage(action) for action in arguments)))
    sentence = about[:1].upper() + about[1:] + "."
    lines = [f"### {words}", "", sentence, "", "```text", usage, "```"]
    explained = [action for action in arguments if action.help]
    if explained:
        rows = ((code(_name(action)), action.help) for action in explained)
        lines += ["", table(("Argument", "Meaning"), rows)]
    return "\n".join(lines)


def _name(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else _value(action)


def _value(action: argparse.Action) -> str:
    if action.choices:
        return "{" + ",".join(str(choice) for choice in action.choices) + "}"
    return str(action.metavar or action.dest.upper())


def _usage(action: argparse.Action) -> str:
    takes_value = action.nargs != 0
    shown = " ".join(filter(None, (*action.option_strings[-1:], _value(action) if takes_value else "")))
    optional = not action.required or action.nargs == "?"
    return f"[{shown}]" if optional else shown


def make_targets() -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return table(
        ("Command", "What it does"),
        ((code(f"make {hit['name']}"), hit["about"]) for hit in TARGET.finditer(makefile)),
    )
