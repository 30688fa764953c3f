"""demo: the whole station on one machine, with the Telegram emulator; no token, no network."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("demo", help="try everything: demo data and a Telegram emulator")
    command.add_argument("--fresh", action="store_true", help="forget what the demo holds and start anew")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from common.demo import run as demo  # honcho and the demo's data are of no use to the other commands

    return demo.run(fresh=arguments.fresh)
