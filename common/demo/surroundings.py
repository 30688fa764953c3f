"""The environment of the demo's processes: secrets generated once, addresses on loopback only."""

from __future__ import annotations

import os
import secrets
import socket
import string
import sys
from dataclasses import dataclass
from pathlib import Path

from common.errors import FelixError
from common.settings.config import VARIABLES

KEPT = ("WEBHOOK_SECRET", "DOORBELL_SECRET", "SECRET_KEY", "METRICS_TOKEN")
WORDS = [
    "amber",
    "axle",
    "bolt",
    "brass",
    "cedar",
    "clutch",
    "copper",
    "crank",
    "dynamo",
    "ember",
    "ferry",
    "gasket",
    "harbor",
    "indigo",
    "jack",
    "kettle",
    "lantern",
    "maple",
    "nickel",
    "oak",
    "piston",
    "quartz",
    "rotor",
    "saddle",
    "spindle",
    "tandem",
    "valve",
    "walnut",
    "willow",
    "zinc",
]


class PortTaken(FelixError):
    """Another program already uses the port."""


@dataclass(frozen=True)
class Ports:
    desk: int = 8080
    chat: int = 8090
    daemon: int = 8091
    doorbell: int = 8092

    def check(self) -> None:
        """Raises: PortTaken, which names the option that chooses another port."""
        for name, port in vars(self).items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise PortTaken(
                        f"Port {port} is taken: stop the other program, or choose with --{name}-port."
                    ) from None


def load_secrets(file: Path) -> dict[str, str]:
    """The demo's secrets and its password, generated at the first start and readable only by their owner."""
    if not file.exists():
        made = {name: secrets.token_urlsafe(32) for name in KEPT}
        made["FELIX_DEMO_PASSWORD"] = "-".join(secrets.choice(WORDS) for _ in range(3))
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    lines = (line.partition("=") for line in file.read_text().splitlines() if line)
    return {name: value for name, _, value in lines}


def fresh_token() -> str:
    """A bot token of the right shape. Each start makes a new bot, because the emulator forgets the last one."""
    letters = string.ascii_letters + string.digits
    return f"{7_000_000_000 + secrets.randbelow(999_999_999)}:" + "".join(secrets.choice(letters) for _ in range(35))


def environment(directory: Path, kept: dict[str, str], ports: Ports) -> dict[str, str]:
    """The environment of the demo's processes, without any of our variables from outside."""
    outside = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    path = os.pathsep.join((str(Path(sys.executable).parent), outside.get("PATH", os.defpath)))
    return {
        **outside,
        **kept,
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
        "FELIX_DEMO": "1",
        "DATABASE_URL": f"sqlite:///{directory / 'felix.sqlite3'}",
        "MEDIA_DIR": str(directory / "media"),
        "TELEGRAM_BOT_TOKEN": fresh_token(),
        "TELEGRAM_API_URL": f"http://127.0.0.1:{ports.chat}",
        "TELEGRAM_TRANSPORT": "webhook",
        "WEBHOOK_URL": f"http://127.0.0.1:{ports.daemon}/telegram/webhook",
        "DAEMON_PORT": str(ports.daemon),
        "DOORBELL_LISTEN": f"127.0.0.1:{ports.doorbell}",
        "PORT": str(ports.desk),
        "PUBLIC_URL": f"http://127.0.0.1:{ports.desk}",
        "SANDBOX_PORT": str(ports.chat),
        "SHUTDOWN_GRACE": "4",  # honcho kills after five seconds
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "warning"),
    }
