"""demo: the whole station on one machine, with the Telegram emulator; no token, no network."""

from __future__ import annotations

import argparse

from common.demo.surroundings import Ports


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("demo", help="try everything: demo data and a Telegram emulator")
    command.add_argument("--fresh", action="store_true", help="forget what the demo holds and start anew")
    for name, default in vars(Ports()).items():
        command.add_argument(f"--{name}-port", type=int, default=default, metavar="PORT", help=f"default: {default}")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from common.demo import run as demo  # imported here, because only this command needs honcho

    ports = {name: getattr(arguments, f"{name}_port") for name in vars(Ports())}
    return demo.run(fresh=arguments.fresh, ports=Ports(**ports))
