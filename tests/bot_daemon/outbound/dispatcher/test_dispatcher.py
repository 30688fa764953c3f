"""The dispatcher sends what is due, in order and within the rates; and ends in an orderly way."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

from aiohttp.web import StreamResponse

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.models import Chat, OutboxState
from common.facts.messages import MessageRemoved
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import TOKEN, Call, FakeTelegram, hang_until, html
from tests.bot_daemon.outbound.dispatcher.dispatching import all_are, dispatching, each_in_its_chat, new_dispatcher
from tests.bot_daemon.rows import queued, row
from tests.support.waiting import eventually_async

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


async def test_suspects_are_sent_one_at_a_time_and_the_others_afterwards(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    database, at_once, most = thread.database, 0, [0]

    async def counted(call: Call) -> StreamResponse:
        nonlocal at_once
        at_once += 1
        if call.chat_id < 2000:
            most.append(at_once)
        answer = await telegram.friendly(call)
        at_once -= 1
        return answer

    telegram.behaviour["sendMessage"] = counted
    for row_id in each_in_its_chat(database, 5):
        rows.put(database, row_id, OutboxState.PENDING, suspicion=2)
    each_in_its_chat(database, 20, first_chat=2001)
    async with dispatching(thread, api, timing):
        await eventually_async(all_are(database, OutboxState.SENT), 20)

    assert max(most) == 1
