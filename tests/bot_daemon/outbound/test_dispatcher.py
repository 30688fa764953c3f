"""The dispatcher against a Telegram that floods, goes away, hangs and comes back; and its own orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot_daemon.bot_api.client import TelegramApi, TokenRevoked
from bot_daemon.outbound.dispatcher import Dispatcher
from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.database.engine import Database
from common.database.models import Bot, Chat, OutboxState, ReasonCode
from common.facts.messages import MessageRemoved
from common.media.media_store import Directory
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import (
    BOT_ID,
    TOKEN,
    FakeTelegram,
    always,
    flood,
    hang_until,
    html,
    in_turn,
    refusal,
)
from tests.bot_daemon.outage import locked
from tests.bot_daemon.rows import queued, row
from tests.support.waiting import eventually_async

FAST = 500.0  # messages a second: the overall limit is not what these tests are about


def new_dispatcher(
    thread: DatabaseThread,
    api: TelegramApi,
    timing: Timing,
    *,
    epoch: int = 1,
    rate: float = FAST,
    trusted: Callable[[], bool] = lambda: True,
    media: Path = Path("/nowhere"),
) -> Dispatcher:
    return Dispatcher(
        thread,
        api,
        epoch=epoch,
        bot_id=BOT_ID,
        timing=timing,
        send_rate=rate,
        language="en",
        trusted=trusted,
        media=Directory(media),
    )


@asynccontextmanager
async def dispatching(
    thread: DatabaseThread,
    api: TelegramApi,
    timing: Timing,
    *,
    epoch: int = 1,
    rate: float = FAST,
    trusted: Callable[[], bool] = lambda: True,
    media: Path = Path("/nowhere"),
) -> AsyncIterator[Dispatcher]:
    """A dispatcher that runs meanwhile, and is stopped as the daemon stops it."""
    dispatcher = new_dispatcher(thread, api, timing, epoch=epoch, rate=rate, trusted=trusted, media=media)
    task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(5)
        await asyncio.wait({task}, timeout=5)
    task.result()


def each_in_its_chat(of: Database, count: int, first_chat: int = 1001, **more: object) -> list[int]:
    return [queued(of, f"m{first_chat + n}", chat_id=first_chat + n, **more)[0] for n in range(count)]


def all_are(of: Database, state: OutboxState) -> Callable[[], bool]:
    return lambda: set(rows.states(of).values()) == {state.value}


def a_bot(of: Database) -> None:
    with of.write() as session:
        session.add(Bot(bot_id=BOT_ID, username="b", name="b", link_base="", active_at=clock.utcnow(), webhook={}))


# All is well ----------------------------------------------------------------------------------------------------------


async def test_what_is_due_goes_out_once(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    each_in_its_chat(thread.database, 30)
    async with dispatching(thread, api, timing):
        await eventually_async(all_are(thread.database, OutboxState.SENT), 10)

    assert sorted(call.chat_id for call in telegram.sends) == list(range(1001, 1031))


async def test_the_messages_of_a_stream_arrive_in_order(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    ids = queued(thread.database, "a", "b", "c")
    async with dispatching(thread, api, timing):
        await eventually_async(all_are(thread.database, OutboxState.SENT), 10)

    sent = [row(thread.database, row_id) for row_id in ids]
    assert [one.message_id for one in sent] == [1, 2, 3]


async def test_a_chat_that_hangs_does_not_hold_up_the_others(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    released, database = asyncio.Event(), sqlite_thread.database
    slow = hang_until(released, telegram.friendly)
    telegram.behaviour["sendMessage"] = lambda call: slow(call) if call.chat_id == 1001 else telegram.friendly(call)
    each_in_its_chat(database, 10)
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: list(rows.states(database).values()).count("sent") == 9, 10)
        released.set()
        await eventually_async(all_are(database, OutboxState.SENT), 10)


async def test_a_reply_goes_before_everything_that_is_less_urgent(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    database = sqlite_thread.database
    for n in range(20):
        queued(database, f"t{n}", kind=rows.TIDY, chat_id=2000 + n, arguments=MessageRemoved(message_id=n))
    async with dispatching(sqlite_thread, api, timing, rate=20) as dispatcher:
        await eventually_async(lambda: telegram.sends, 10)
        before = len(telegram.sends)
        queued(database, "reply", chat_id=1001)
        dispatcher.wake()
        await eventually_async(lambda: telegram.of("sendMessage"), 10)
        overtaken_by = len(telegram.sends) - before - 1

    assert overtaken_by <= 3, "only what had its slot already may go before"


async def test_the_overall_rate_is_kept(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    each_in_its_chat(sqlite_thread.database, 30)
    async with dispatching(sqlite_thread, api, timing, rate=50):
        await eventually_async(lambda: len(telegram.sends) == 30, 10)
        took = telegram.sends[-1].at - telegram.sends[0].at

    assert took >= 29 / 50 * 0.95
    times = [call.at for call in telegram.sends]
    assert max(sum(1 for other in times if at <= other < at + 0.2) for at in times) <= 0.2 * 50 + 3


async def test_a_chat_gets_three_at_once_and_then_one_a_second(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    queued(sqlite_thread.database, "a", "b", "c", "d")
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: len(telegram.sends) == 4, 10)

    first, _, third, fourth = (call.at for call in telegram.sends)
    assert third - first < 0.9
    assert fourth - first >= 0.9


async def test_a_chat_is_written_to_as_soon_as_its_pace_allows_and_not_at_the_next_poll(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    """Two chats become ready at different moments; the second one's must not be forgotten."""
    database = sqlite_thread.database
    for n in range(4):
        queued(database, f"a{n}", chat_id=1001, stream=f"a{n}")
    async with dispatching(sqlite_thread, api, replace(timing, poll=8.0)) as dispatcher:
        await eventually_async(lambda: len(telegram.sends) == 3, 10)
        for n in range(4):
            queued(database, f"b{n}", chat_id=1002, stream=f"b{n}")
        dispatcher.wake()
        await eventually_async(lambda: len(telegram.sends) == 8, 5)


async def test_many_unreachable_chats_do_not_hold_up_the_others(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    database = sqlite_thread.database
    with database.write() as session:
        session.add_all([Chat(chat_id=2000 + n, unreachable="blocked") for n in range(100)])
    each_in_its_chat(database, 100, first_chat=2000)
    queued(database, "reachable", chat_id=1001)
    async with dispatching(sqlite_thread, api, replace(timing, poll=5.0)):
        await eventually_async(lambda: telegram.sends, 4)

    assert [call.chat_id for call in telegram.sends] == [1001]


# Floods ---------------------------------------------------------------------------------------------------------------

PAUSE = 0.5


async def test_a_flooded_chat_is_left_alone_for_as_long_as_telegram_asked(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(always(lambda: flood(PAUSE)), telegram.friendly)
    queued(sqlite_thread.database, "a")
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: telegram.sends, 10)
        each_in_its_chat(sqlite_thread.database, 5, first_chat=2001)
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 10)

    flooded, again = [call.at for call in telegram.sends if call.chat_id == 1001][:2]
    others = [call.at for call in telegram.sends if call.chat_id != 1001]
    assert again - flooded >= PAUSE
    assert max(others) < again, "nobody else waited"


async def test_what_already_had_its_slot_obeys_the_flood_too(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(always(lambda: flood(PAUSE)), telegram.friendly)
    for n in range(2):
        queued(sqlite_thread.database, f"{n}", stream=f"{n}")
    async with dispatching(sqlite_thread, api, replace(timing, horizon=1.0), rate=10):
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 10)

    times = [call.at for call in telegram.sends]
    assert len(times) == 3
    assert times[1] - times[0] >= PAUSE


async def test_a_flood_costs_no_attempt_and_survives_a_restart(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(always(lambda: flood(PAUSE)), telegram.friendly)
    (row_id,) = queued(thread.database, "a")
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: row(thread.database, row_id).reason_code is ReasonCode.RATE_LIMITED, 10)
    assert row(thread.database, row_id).attempts == 0
    async with dispatching(thread, api, timing, epoch=2):
        await eventually_async(all_are(thread.database, OutboxState.SENT), 10)

    flooded, again = (call.at for call in telegram.sends)
    assert again - flooded >= PAUSE


async def test_floods_from_many_chats_silence_the_whole_bot_over_a_restart_too(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    a_bot(thread.database)
    telegram.behaviour["sendMessage"] = in_turn(*[always(lambda: flood(PAUSE))] * 4, telegram.friendly)
    each_in_its_chat(thread.database, 4)
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: len(telegram.sends) == 4, 10)
        await eventually_async(lambda: all(v == "pending" for v in rows.states(thread.database).values()), 10)
    silent_since = telegram.sends[-1].at
    each_in_its_chat(thread.database, 3, first_chat=3001)
    async with dispatching(thread, api, timing, epoch=2):
        await eventually_async(all_are(thread.database, OutboxState.SENT), 10)

    assert min(call.at for call in telegram.sends[4:]) - silent_since >= PAUSE * 0.9


async def test_when_the_whole_bot_is_silenced_what_had_its_slot_is_silent_too(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(*[always(lambda: flood(PAUSE))] * 4, telegram.friendly)
    each_in_its_chat(sqlite_thread.database, 12)
    async with dispatching(sqlite_thread, api, replace(timing, horizon=1.0), rate=20):
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 10)

    times = [call.at for call in telegram.sends]
    assert times[4] - times[3] >= PAUSE


# Telegram goes away ---------------------------------------------------------------------------------------------------


async def test_nothing_is_tried_again_before_get_me_has_answered(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    await telegram.stop()
    ids = each_in_its_chat(thread.database, 12)
    async with dispatching(thread, api, timing) as dispatcher:
        await eventually_async(lambda: dispatcher.breaker.failures >= 3, 10)
        await telegram.start()
        await eventually_async(all_are(thread.database, OutboxState.SENT), 15)

    assert telegram.calls[0].method == "getMe"
    assert len(telegram.sends) == 12, "each exactly once: what is refused was not sent"
    assert max(row(thread.database, row_id).attempts for row_id in ids) <= 2
    assert {row(thread.database, row_id).ambiguous for row_id in ids} == {0}


async def test_an_outage_with_error_pages_marks_only_what_was_on_the_wire(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour |= {"sendMessage": html(502), "getMe": html(502)}
    ids = each_in_its_chat(sqlite_thread.database, 20)
    async with dispatching(sqlite_thread, api, timing, rate=100) as dispatcher:
        await eventually_async(lambda: dispatcher.breaker.failures >= 3, 10)
        in_the_outage = len(telegram.sends)
        telegram.behaviour.clear()
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 15)

    marked = [row_id for row_id in ids if row(sqlite_thread.database, row_id).ambiguous]
    assert len(marked) == in_the_outage < 12
    assert {row(sqlite_thread.database, row_id).ambiguous for row_id in marked} == {1}
    assert len(telegram.sends) == 20 + in_the_outage
    trial = telegram.calls.index(next(c for c in telegram.calls[::-1] if c.method == "getMe")) + 1
    assert telegram.calls[trial].method == "sendMessage"


async def test_a_hung_telegram_ends_in_good_time_and_everything_goes_out(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, timing: Timing
) -> None:
    never = asyncio.Event()
    stuck = hang_until(never, telegram.friendly)
    telegram.behaviour |= {"sendMessage": stuck, "getMe": stuck}
    database = sqlite_thread.database
    each_in_its_chat(database, 5)
    api = TelegramApi(telegram.url, TOKEN, connect=0.2, total=0.3)
    await api.open()
    async with dispatching(sqlite_thread, api, timing) as dispatcher:
        await eventually_async(lambda: dispatcher.breaker.failures, 0.3 * 5)
        telegram.behaviour.clear()
        await eventually_async(all_are(database, OutboxState.SENT), 15)
    await api.close()


async def test_a_message_that_always_fails_does_not_keep_the_others_back(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    database, broken = sqlite_thread.database, html(500)
    telegram.behaviour["sendMessage"] = lambda call: broken(call) if call.chat_id == 1001 else telegram.friendly(call)
    each_in_its_chat(database, 6)
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: list(rows.states(database).values()).count("sent") == 5, 10)


async def test_a_revoked_token_ends_the_dispatcher_and_no_message(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = always(lambda: refusal(401, "Unauthorized"))
    (row_id,) = queued(sqlite_thread.database, "a")
    dispatcher = new_dispatcher(sqlite_thread, api, timing)

    with pytest.raises(TokenRevoked):
        await asyncio.wait_for(dispatcher.run(), 10)
    await dispatcher.stop(5)
    assert (row(sqlite_thread.database, row_id).state, row(sqlite_thread.database, row_id).attempts) == (
        OutboxState.PENDING,
        0,
    )
    assert len(telegram.sends) == 1


# The end --------------------------------------------------------------------------------------------------------------


async def test_stopping_gives_back_what_was_not_sent_and_writes_down_what_was(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    released, database = asyncio.Event(), thread.database
    telegram.behaviour["sendMessage"] = hang_until(released, telegram.friendly)
    first, *rest = each_in_its_chat(database, 8)
    async with dispatching(thread, api, replace(timing, horizon=2.0), rate=5) as dispatcher:
        await eventually_async(lambda: telegram.sends and dispatcher.in_flight == 8, 10)
        stopping = asyncio.create_task(dispatcher.stop(5))
        await eventually_async(lambda: dispatcher.in_flight == 1, 5)
        assert {row(database, row_id).state for row_id in rest} == {OutboxState.PENDING}
        released.set()
        await stopping
        assert row(database, first).state is OutboxState.SENT

    assert len(telegram.sends) == 1
    assert {(row(database, r).ambiguous, row(database, r).attempts) for r in rest} == {(0, 0)}


async def test_stopping_does_not_wait_for_a_telegram_that_is_silent(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, timing: Timing
) -> None:
    telegram.behaviour |= {"sendMessage": html(502), "getMe": hang_until(asyncio.Event(), telegram.friendly)}
    queued(sqlite_thread.database, "a")
    api = TelegramApi(telegram.url, TOKEN, connect=5.0, total=15.0)
    await api.open()
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: telegram.of("getMe"), 10)
        began = time.monotonic()
    await api.close()

    assert time.monotonic() - began < 2


async def test_stopping_during_a_claim_gives_its_rows_back_too(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    """The claim is in the database thread when the signal comes: its rows must not stay marked as being sent."""
    held, database = threading.Event(), thread.database
    dispatcher = new_dispatcher(thread, api, replace(timing, horizon=2.0, poll=30.0), rate=5)
    running = asyncio.create_task(dispatcher.run(), name="dispatcher")
    await asyncio.sleep(0)
    await thread.call(lambda: None, "after its first look")
    await eventually_async(lambda: not thread._jobs.qsize() and not thread.busy_for(), 5)
    blocking = asyncio.create_task(thread.call(lambda: held.wait(10), "slow"))
    await eventually_async(lambda: thread.busy_for() > 0, 5)
    threading.Thread(target=each_in_its_chat, args=(database, 8)).start()
    await eventually_async(lambda: len(rows.states(database)) == 8, 10)
    dispatcher.wake()
    await eventually_async(lambda: thread._jobs.qsize() > 0, 5, "a claim waits for the thread")
    stopping = asyncio.create_task(dispatcher.stop(5))
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(stopping, running, blocking)
    states = list(rows.states(database).values())  # this is when the daemon gives its lease back

    assert set(states) <= {"pending", "sent"}
    assert states.count("sent") == len(telegram.sends)


async def test_without_its_lease_it_sends_nothing_more(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    database, trusted = sqlite_thread.database, True
    each_in_its_chat(database, 10)
    async with dispatching(
        sqlite_thread, api, replace(timing, horizon=2.0), rate=10, trusted=lambda: trusted
    ) as dispatcher:
        await eventually_async(lambda: len(telegram.sends) >= 2, 10)
        trusted = False
        sent = len(telegram.sends)
        await eventually_async(lambda: dispatcher.in_flight == 0, 10)
        assert len(telegram.sends) <= sent + 1, "one may have been on its way to the wire"

    assert set(rows.states(database).values()) == {"sent", "pending"}
    assert list(rows.states(database).values()).count("sent") == len(telegram.sends)


# The database goes away -----------------------------------------------------------------------------------------------


async def complaints(caplog: pytest.LogCaptureFixture, count: int) -> None:
    """Wait until the dispatcher has said so many times that the database is unavailable."""
    await eventually_async(lambda: caplog.text.count("is unavailable") >= count, 10)


async def test_a_result_is_written_when_the_database_is_back(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database, released = impatient_thread.database, asyncio.Event()
    telegram.behaviour["sendMessage"] = hang_until(released, telegram.friendly)
    (row_id,) = queued(database, "a")
    async with dispatching(impatient_thread, api, timing) as dispatcher:
        await eventually_async(lambda: telegram.sends, 10)
        with locked(any_database_url):
            released.set()
            await complaints(caplog, 3)  # by then the result was tried in vain
            assert dispatcher.in_flight == 1
        await eventually_async(all_are(database, OutboxState.SENT), 10)

    assert len(telegram.sends) == 1
    assert row(database, row_id).ambiguous == 0


async def test_it_starts_although_the_database_is_not_to_be_had_yet(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = impatient_thread.database
    queued(database, "a")
    async with contextlib.AsyncExitStack() as stack:
        with locked(any_database_url):
            await stack.enter_async_context(dispatching(impatient_thread, api, timing))
            await complaints(caplog, 1)
        await eventually_async(all_are(database, OutboxState.SENT), 10)


async def test_a_flood_that_cannot_be_written_down_does_not_lose_its_message(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database, released = impatient_thread.database, asyncio.Event()
    a_bot(database)
    floods = hang_until(released, always(lambda: flood(PAUSE)))
    telegram.behaviour["sendMessage"] = in_turn(*[floods] * 4, telegram.friendly)
    each_in_its_chat(database, 4)
    async with dispatching(impatient_thread, api, timing):
        await eventually_async(lambda: len(telegram.sends) == 4, 10)
        with locked(any_database_url):
            released.set()
            await eventually_async(lambda: "could not be stored" in caplog.text, 10)
        began = time.monotonic()
        await eventually_async(all_are(database, OutboxState.SENT), 10)

    assert time.monotonic() - began < timing.row_lease * 2.5
    assert {one.ambiguous for one in (row(database, r) for r in range(1, 5))} == {0}
