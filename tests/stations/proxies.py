"""The reverse proxies of the docs as real processes before a station, with the configuration as it is printed there.

Only what a test machine cannot have is replaced: the name and TLS by a port of loopback, our ports by the station's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, blocks
from tests.stations.station import Station, free_port, request
from tests.support.waiting import eventually

PAGE = DOCS / "how-to" / "one-small-server.md"
KINDS = {"nginx": "nginx", "caddy": "caddyfile"}  # the program, and the language of its code block
DESK, DAEMON = "127.0.0.1:8080", "127.0.0.1:8091"
READY, STOP = 10.0, 5.0

# Around the block: the settings of Debian's nginx.conf that affect requests, with our own files and processes.
NGINX = """
daemon off;
master_process off;
pid {place}/pid;
events {{ worker_connections 2048; }}
http {{
    sendfile on;
    tcp_nopush on;
    gzip on;
    access_log off;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    {block}
}}
"""
CADDY = "{block}"


@dataclass(frozen=True)
class Proxy:
    """A running proxy, and the station behind it."""

    name: str
    port: int
    here: Station


def printed(name: str) -> str:
    """The one configuration of this proxy in the docs."""
    (block,) = blocks(PAGE, KINDS[name])
    return block


def substituted(name: str, port: int, here: Station) -> str:
    """The printed configuration, with ports of this machine."""
    listens = {
        "nginx": ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        "caddy": ("felix.example.org {", f"http://127.0.0.1:{port} {{\n    bind 127.0.0.1"),
    }
    alone = ("{\n    servers {", "{\n    admin off\n    auto_https off\n    servers {")
    ports = ((DESK, f"127.0.0.1:{here.web_port}"), (DAEMON, f"127.0.0.1:{here.daemon_port}"))
    block = printed(name)
    for old, new in (listens[name], *ports, *([alone] if name == "caddy" else [])):
        assert old in block, f"{old} is not in the configuration of {name} in {PAGE.name}"
        block = block.replace(old, new)
    return block


def program(name: str) -> str:
    """Its path. Skips, or fails where the proxies are required, when it is not installed."""
    path = shutil.which(
        name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    )
    if path is None:
        reason = f"no {name} here: apt-get install {name}"
        if os.environ.get("FELIX_REQUIRE_PROXIES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@contextmanager
def proxy(name: str, here: Station, place: Path) -> Iterator[Proxy]:
    """A proxy before a station, with all its files in `place`; it is stopped afterwards."""
    port = free_port()
    block = substituted(name, port, here)
    file = place / "configuration"
    file.write_text((NGINX if name == "nginx" else CADDY).format(place=place, block=block), encoding="utf-8")
    options = {
        "nginx": ["-e", str(place / "log"), "-p", str(place), "-c", str(file)],
        "caddy": ["run", "--adapter", "caddyfile", "--config", str(file)],
    }
    with _running([program(name), *options[name]], place) as process:

        def answers() -> bool:
            assert process.poll() is None, (place / "log").read_text()
            return request("GET", port, "/health/ready")[0] == 200

        eventually(answers, READY, f"{name} is ready")
        yield Proxy(name, port, here)


@contextmanager
def _running(command: list[str], place: Path) -> Iterator[subprocess.Popen[bytes]]:
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(place))
    with (place / "log").open("ab") as log:
        process = subprocess.Popen(command, env={**os.environ, **homes}, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP)
