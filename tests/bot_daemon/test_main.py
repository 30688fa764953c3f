"""`python -m bot_daemon` as a process: one sentence and an exit code for each way it can end."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tests.bot_daemon import daemons
from tests.bot_daemon.daemons import WEBHOOK_SECRET
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram, always, refusal

ROOT = Path(__file__).parents[2]
LIMIT = 40.0  # seconds; starting Python on a busy machine is most of it


async def ended(environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and everything it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot_daemon",
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, said.decode()


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "no token": ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is not set"),
    "a weak webhook secret": ({"WEBHOOK_SECRET": "changeme-changeme-changeme"}, "WEBHOOK_SECRET is a value not shown"),
    "half a token": ({"TELEGRAM_BOT_TOKEN": TOKEN[:-10] + "!"}, "TELEGRAM_BOT_TOKEN is a value not shown"),
    "plain http in public": (
        {"TELEGRAM_API_URL": "https://api.telegram.org", "WEBHOOK_URL": "http://felix.example"},
        "WEBHOOK_URL is http://",
    ),
}


async def test_a_setting_that_is_missing_or_wrong_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    base = daemons.by_webhook(f"sqlite:///{tmp_path}/felix.sqlite3", "http://127.0.0.1:1")
    ends = await asyncio.gather(*(ended({**base, **wrong}) for wrong, _ in REFUSED.values()))

    for (code, said), (_, wanted) in zip(ends, REFUSED.values(), strict=True):
        assert code == 2
        assert wanted in said
        assert said.count("\n") == 1, "one sentence, no traceback"
        assert TOKEN[:-10] not in said
        assert WEBHOOK_SECRET not in said


async def test_an_empty_database_says_which_command_helps(tmp_path: Path) -> None:
    code, said = await ended(daemons.environment(f"sqlite:///{tmp_path}/felix.sqlite3", "http://127.0.0.1:1"))

    assert code == 2
    assert "felix-hub migrate" in said
    assert "Traceback" not in said


async def test_a_refused_token_is_a_sentence_and_exit_code_1(telegram: FakeTelegram, database_url: str) -> None:
    telegram.behaviour["getMe"] = always(lambda: refusal(401, "Unauthorized"))
    code, said = await ended(daemons.environment(database_url, telegram.url))

    assert code == 1
    assert "Telegram does not know TELEGRAM_BOT_TOKEN" in said
    assert "Traceback" not in said
    assert TOKEN not in said


async def test_a_port_that_is_taken_is_a_sentence_and_exit_code_1(telegram: FakeTelegram, database_url: str) -> None:
    port = telegram.url.rpartition(":")[2]
    code, said = await ended(daemons.environment(database_url, telegram.url, DAEMON_PORT=port))

    assert code == 1
    assert "address already in use" in said
    assert "Traceback" not in said


async def test_a_second_poller_is_a_sentence_and_exit_code_1_and_the_token_is_never_logged(
    telegram: FakeTelegram, database_url: str
) -> None:
    """A whole life at the most talkative level: meeting, polling, sending, and dying of a conflict."""
    telegram.behaviour["getUpdates"] = always(lambda: refusal(409, f"Conflict: terminated by other getUpdates {TOKEN}"))
    code, said = await ended(
        daemons.environment(database_url, telegram.url, TIME_SCALE="0.02", LOG_LEVEL="debug", PYTHONASYNCIODEBUG="1")
    )

    assert code == 1
    assert "Somebody else takes this bot's updates (Conflict: terminated by other getUpdates" in said
    assert "Traceback" not in said
    assert TOKEN.split(":")[1] not in said
