"""`python -m bot_daemon`: settings, the one event loop, and an exit code with a sentence for each way it can end."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import Any

from bot_daemon.app import Daemon
from bot_daemon.bot_api.client import TokenRevoked
from bot_daemon.inbound.polling import PollingRefused
from bot_daemon.process.telegram_setup import TokenUnknown
from bot_daemon.process.watchdog import ComputesWithoutEnd, DatabaseStuck
from common import logs
from common.errors import FelixError
from common.settings.config import DaemonSettings

log = logging.getLogger("bot_daemon")

SENTENCES: dict[type[BaseException], str] = {
    TokenUnknown: "Telegram does not know TELEGRAM_BOT_TOKEN: get the present one from BotFather.",
    TokenRevoked: "Telegram does not know TELEGRAM_BOT_TOKEN any more: get the present one from BotFather.",
    PollingRefused: "Somebody else takes this bot's updates ({error}): stop the other poller, or remove its webhook.",
    DatabaseStuck: "The database does not come back ({error}): leaving, so that a new process can try.",
    ComputesWithoutEnd: "A piece of work does not end ({error}): leaving. A third time sets an update aside.",
}


def main() -> int:
    try:
        settings = DaemonSettings.from_env()
    except FelixError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    logs.configure(settings.log_level)
    daemon = Daemon(settings)
    try:
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            runner.get_loop().set_exception_handler(_log_loop_error)
            runner.run(daemon.serve())
    except BaseException as error:
        return _explain(error)
    log.info("Stopped")
    return 0


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """asyncio's own handler also logs the task's `repr`, which holds the exception's text."""
    log.error("The event loop: %s", context["message"], exc_info=context.get("exception"))


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop, where it is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _explain(error: BaseException) -> int:
    """Print a clear sentence for an expected end and the traceback for any other. The exit code is never 0."""
    for cause in _leaves(error):
        if isinstance(cause, FelixError):
            log.critical("%s", cause)
            return 2
        for kind, sentence in SENTENCES.items():
            if isinstance(cause, kind):
                log.critical(sentence.format(error=cause))
                return 1
        if isinstance(cause, OSError) and cause.errno is not None:
            log.critical("%s", cause)
            return 1
    log.critical("The daemon failed", exc_info=error)
    return 1


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


if __name__ == "__main__":
    sys.exit(main())
