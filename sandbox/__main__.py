"""`python -m sandbox`: a Bot API emulator on this machine. It never contacts Telegram."""

import argparse
import asyncio
import logging
import re
import signal
import sys
from pathlib import Path

from sandbox.errors import SandboxRefusal
from sandbox.server import Settings, serving
from sandbox.telegram.world import Options

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def parse(arguments: list[str] | None = None) -> Settings:
    """Read the options. Exits with one sentence when they are invalid."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--api-port", type=int, metavar="PORT", help="a listener of its own for the Bot API")
    parser.add_argument("--expose", action="store_true", help="allow a --host that other machines can reach")
    parser.add_argument(
        "--bot", action="append", default=[], metavar="TOKEN:USERNAME", help="a bot known from the start"
    )
    parser.add_argument(
        "--first-bot", metavar="USERNAME:NAME", default="sandbox_bot:Sandbox", help="the first bot that no --bot named"
    )
    parser.add_argument("--beside", metavar="URL", default="", help="a page that the chat page opens beside itself")
    parser.add_argument("--known-bots-only", action="store_true", help="refuse tokens that no --bot named")
    parser.add_argument("--limits", action=argparse.BooleanOptionalAction, default=True, help="Telegram's flood limits")
    parser.add_argument("--time-scale", type=float, default=1.0, help="length of one engine second in real seconds")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything here for the next run")
    parser.add_argument("--no-cast", action="store_true", help="begin without Dima, Noa and Charlie")
    given = parser.parse_args(arguments)
    if given.host not in _LOOPBACK and not given.expose:
        parser.error(f"--host {given.host} is open to other machines; this is an emulator: add --expose if you mean it")
    if not 0.001 <= given.time_scale <= 10:
        parser.error(f"--time-scale {given.time_scale}: between 0.001 and 10")
    if given.beside and not given.beside.startswith(("http://", "https://")):
        parser.error(f"--beside {given.beside}: an address begins with http:// or https://")
    options = Options(
        limits=given.limits,
        time_scale=given.time_scale,
        known_bots_only=given.known_bots_only,
        exposed=given.expose,
        first_bot=_first_bot(parser, given.first_bot),
        beside=given.beside,
    )
    bots = [_bot(parser, text) for text in given.bot]
    return Settings(given.host, given.port, given.api_port, bots, not given.no_cast, given.data, options)


def _bot(parser: argparse.ArgumentParser, text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(\d+:[A-Za-z0-9_-]+):@?([A-Za-z0-9_]{3,32})", text)
    if match is None:
        parser.error("--bot wants TOKEN:USERNAME, for example 123456:AAAA...:sandbox_bot")
    return match[1], match[2]


def _first_bot(parser: argparse.ArgumentParser, text: str) -> tuple[str, str]:
    match = re.fullmatch(r"([A-Za-z0-9_]{3,32}):(.{1,64})", text)
    if match is None:
        parser.error("--first-bot wants USERNAME:NAME, for example sandbox_bot:Sandbox")
    return match[1], match[2]


async def run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serving(settings) as address:
        print(address, flush=True)
        await stop.wait()


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = parse()
    try:
        import uvloop
    except ImportError:
        start = asyncio.run
    else:
        start = uvloop.run
    try:
        start(run(settings))
    except SandboxRefusal as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}")


if __name__ == "__main__":
    main()
