"""Runs the demo: prepares data and secrets, starts the processes, and prints the addresses."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

import urllib3

from common.database import schema
from common.database.engine import Database
from common.demo import station
from common.demo.supervisor import LOOK_EVERY, READY_WITHIN, Supervisor
from common.demo.surroundings import Ports, environment, load_secrets
from common.messaging import bots
from common.operation.reindexing import reindex

DIRECTORY = Path(".run")
NAMED_WITHIN = 10.0  # seconds
STOPPED_BY_US = (130, 143)  # honcho's codes for SIGINT and SIGTERM

BANNER = """
  ┌─────────────────────────────────────────────────────────────────────
  │  Felix Hub is ready. This is a demo: everything stays on this machine.
  │
  │    The desk      {desk}      log in as rina (storekeeper) or avi (manager)
  │    The chat      {chat}      Дима orders in Russian, נועה in Hebrew
  │    Password      {password}
  │    A new mechanic joins by   {invitation}
  │
  │  Ctrl-C stops it; the data stays in {directory}
  └─────────────────────────────────────────────────────────────────────
"""


def run(*, fresh: bool = False, ports: Ports | None = None) -> int:
    """Run the demo until it is stopped. Returns the exit code.

    Raises:
        PortTaken.
    """
    ports = ports or Ports()
    ports.check()
    directory = DIRECTORY.absolute()
    if fresh and (directory / "demo.env").exists():
        shutil.rmtree(directory)
    directory.mkdir(mode=0o700, exist_ok=True)
    variables = environment(directory, load_secrets(directory / "demo.env"), ports)
    code = _prepare(variables, directory / "invitation")

    supervisor = Supervisor(variables, _health(ports), lambda missing: _announce(missing, variables, ports, code))
    supervisor.loop()
    return 0 if supervisor.returncode in STOPPED_BY_US else supervisor.returncode or 1


def _prepare(variables: dict[str, str], invitation: Path) -> str:
    """Migrate, seed, and find the code of an open invitation."""
    database = Database(variables["DATABASE_URL"])
    try:
        schema.migrate(database)
        reindex(database)
        station.seed(database, variables["FELIX_DEMO_PASSWORD"])
        station.forget_chats(database)
        code = station.open_invitation(database, invitation.read_text() if invitation.exists() else "")
    finally:
        database.dispose()
    invitation.touch(mode=0o600)
    invitation.write_text(code)
    return code


def _health(ports: Ports) -> dict[str, str]:
    return {
        "the emulator": f"http://127.0.0.1:{ports.chat}/sandbox/health",
        "the web app": f"http://127.0.0.1:{ports.desk}/health/ready",
        "the daemon": f"http://127.0.0.1:{ports.daemon}/health/ready",
    }


def _announce(missing: list[str], variables: dict[str, str], ports: Ports, code: str) -> None:
    if missing:
        sys.stdout.write(
            f"After {READY_WITHIN:.0f} s this is not ready: {', '.join(missing)}. The lines above say why.\n"
        )
        sys.stdout.flush()
        return
    _open_chats(ports)
    banner = BANNER.format(
        desk=f"http://127.0.0.1:{ports.desk}",
        chat=f"http://127.0.0.1:{ports.chat}",
        password=variables["FELIX_DEMO_PASSWORD"],
        invitation=_link(variables, code),
        directory=DIRECTORY.absolute(),
    )
    sys.stdout.write(banner)
    sys.stdout.flush()


def _open_chats(ports: Ports) -> None:
    """Press Start for the demo's people: until then the emulator delivers no message to them."""
    for telegram_id in (*station.MECHANICS, station.STRANGER):
        url = f"http://127.0.0.1:{ports.chat}/sandbox/people/{telegram_id}/start"
        with suppress(urllib3.exceptions.HTTPError):
            urllib3.request("POST", url, json={}, timeout=5.0, retries=False)


def _link(variables: dict[str, str], code: str) -> str:
    """Wait for the link of the bot, which stores its name soon after the daemon starts. Each run has another bot."""
    database, ours = Database(variables["DATABASE_URL"]), int(variables["TELEGRAM_BOT_TOKEN"].partition(":")[0])
    end = time.monotonic() + NAMED_WITHIN
    try:
        while time.monotonic() < end:
            with database.read() as session:
                bot = bots.active_bot(session)
                if bot is not None and bot.bot_id == ours:
                    return bots.bot_link(session, code)
            time.sleep(LOOK_EVERY)
    finally:
        database.dispose()
    return f"/start {code}"
