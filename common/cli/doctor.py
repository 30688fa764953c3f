"""doctor: checks the station and reports problems. Exit code 1 if there is one."""

from __future__ import annotations

import argparse

from common.cli.opening import connect_database
from common.operation.doctor import examine
from common.operation.findings import Level
from common.settings.config import StationSettings


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("doctor", help="check the station from end to end")
    command.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    settings = StationSettings.from_env()
    with connect_database(settings) as database:
        findings = examine(database, settings)
    for finding in findings:
        print(f"{finding.level.value:4}  {finding.text}")
    return 1 if any(finding.level is Level.FAIL for finding in findings) else 0
