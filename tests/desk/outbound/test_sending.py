"""How replies leave: in order, once, with every failure told."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.desk.outbound.office import Office, Vendor, open_office, turns, until
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed, SocketDelivery, note_bounce, retry
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict
from yizhan.foundation.lease import LeaseLost
from yizhan.records import conversations

LATER = SendFailed(ErrorClass.TRANSIENT, "451 4.3.0 try later", retry_after=timedelta(minutes=5))
NEVER = SendFailed(ErrorClass.RECIPIENT, "550 5.1.1 no such user")
SILENCE = SendFailed(ErrorClass.UNKNOWN, "no answer", ambiguous=True)


async def test_a_reply_is_sent_to_the_address_in_clear_and_the_agent_sees_it(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    conversation = await office.asked("zhang@customer.test")
    sent = await office.reply(conversation, "今天发货")
    await office.send_all()
    (letter,) = office.vendor.letters
    assert (letter.to, letter.text, letter.attempt) == ("zhang@customer.test", "今天发货", 1)
    assert letter.earlier[0].external_id == "zhang@customer.test-在吗？"
    after = await office.state(sent)
    assert (after["state"], after["delivery"], after["vendor_id"]) == ("sent", "sent", "v1")
    assert after["external_id"] == f"{sent}@shop.test"
    assert await office.deliveries(sent) == ["sending", "sent"]


async def test_sending_is_committed_before_the_vendor_is_called(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    seen: list[str] = []

    async def look(letter: Letter) -> None:
        seen.append((await office.state(letter.message_id))["state"])
        query = "SELECT outbound FROM mail_reference WHERE message_id = $1"
        assert await db.pool.fetchval(query, letter.message_id) is True

    office.vendor.during = look
    await office.reply(await office.asked(), "稍等")
    await office.send_all()
    assert seen == ["sending"]


async def test_the_first_of_a_conversation_holds_back_the_rest_but_no_other_conversation(
    db: Database, clock: FakeClock
) -> None:
    office = await open_office(db, clock, LATER)
    one, other = await office.asked("one@customer.test"), await office.asked("other@customer.test")
    first = await office.reply(one, "第一")
    second = await office.reply(one, "第二")
    await office.reply(other, "旁边")
    await office.send_all()
    assert sorted(office.vendor.texts) == sorted(["第一", "旁边"])
    assert (await office.state(first))["delivery"] == "queued"
    assert (await office.state(second))["attempt"] == 0
    clock.advance(timedelta(minutes=4))
    await office.send_all()
    assert len(office.vendor.letters) == 2
    clock.advance(timedelta(minutes=2))
    await office.send_all()
    assert office.vendor.texts[2:] == ["第一", "第二"]
    assert office.vendor.letters[2].attempt == 2


async def test_a_final_failure_is_told_with_its_class_and_frees_the_conversation(
    db: Database, clock: FakeClock
) -> None:
    office = await open_office(db, clock, NEVER)
    conversation = await office.asked()
    failed, after = await office.reply(conversation, "一"), await office.reply(conversation, "二")
    await office.send_all()
    told = await office.state(failed)
    assert (told["state"], told["delivery"]) == ("failed", "failed")
    assert told["delivery_error"] == "recipient_blocked: 550 5.1.1 no such user"
    assert await office.deliveries(failed) == ["sending", "failed"]
    assert (await office.state(after))["state"] == "sent"


async def test_silence_is_not_failure_and_nothing_is_sent_twice(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, SILENCE, RuntimeError("a fault of ours"))
    first = await office.reply(await office.asked("one@customer.test"), "一")
    second = await office.reply(await office.asked("other@customer.test"), "二")
    await office.send_all()
    clock.advance(timedelta(days=3))
    await office.send_all()
    assert len(office.vendor.letters) == 2
    assert [(await office.state(one))["state"] for one in (first, second)] == ["unknown", "unknown"]


@pytest.mark.parametrize(("idempotent", "state", "calls"), [(False, "unknown", 0), (True, "sent", 1)])
async def test_a_call_that_a_crash_cut_off_is_repeated_only_if_the_vendor_knows_repetitions(
    db: Database, clock: FakeClock, idempotent: bool, state: str, calls: int
) -> None:
    office = await open_office(db, clock)
    hanging = asyncio.Event()

    async def hang(_: Letter) -> None:
        await hanging.wait()

    office.vendor.during = hang
    sent = await office.reply(await office.asked(), "在路上")
    dispatcher, lease = office.dispatcher()
    async with lease:
        await dispatcher.turn()
        await until(lambda: bool(office.vendor.letters))
        await dispatcher.drain(0)  # the process is gone: nobody hears the answer
    assert (await office.state(sent))["state"] == "sending"
    after = Vendor(idempotent=idempotent)
    heir, inherited = office.dispatcher("heir", after)
    async with inherited:
        await turns(heir)
    assert ((await office.state(sent))["state"], len(after.letters)) == (state, calls)
    assert (await office.state(sent))["delivery"] == state


async def test_an_answer_that_comes_after_the_heir_gave_up_still_counts(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    answered = asyncio.Event()

    async def slowly(_: Letter) -> None:
        await answered.wait()

    office.vendor.during = slowly
    sent = await office.reply(await office.asked(), "在路上")
    dispatcher, lease = office.dispatcher()
    async with lease:
        await dispatcher.turn()
        await until(lambda: bool(office.vendor.letters))
        await lease.release()
        heir, inherited = office.dispatcher("heir", Vendor())
        async with inherited:
            await turns(heir)
        assert (await office.state(sent))["state"] == "unknown"
        answered.set()
        await dispatcher.drain()
    assert (await office.state(sent))["state"] == "sent"


async def test_who_has_lost_the_lease_sends_nothing(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    dispatcher, lease = office.dispatcher()
    async with lease:
        await dispatcher.turn()
        await office.reply(await office.asked(), "谁来发？")
        await lease.release()
        await db.pool.execute("UPDATE lease SET term = term + 1 WHERE name = $1", lease.name)
        with pytest.raises(LeaseLost):
            await dispatcher.turn()
        await dispatcher.drain()
    assert office.vendor.letters == []


async def test_what_its_author_took_back_in_time_never_leaves(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    conversation = await office.asked()
    taken_back = await office.reply(conversation, "说错了")
    async with db.transaction() as tx:
        c = await conversations.lock_conversation(tx, conversation)
        await conversations.recall_message(
            tx, c, taken_back, actor=f"agent:{office.agent}", now=clock.now() + timedelta(seconds=3)
        )
    await office.reply(conversation, "这才对")
    await office.send_all()
    assert office.vendor.texts == ["这才对"]
    assert (await office.state(taken_back))["error_class"] == "recalled"


async def test_an_erased_customer_fails_the_letter_and_not_the_loop(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    conversation = await office.asked("gone@customer.test")
    lost = await office.reply(conversation, "您好")
    fine = await office.reply(await office.asked("here@customer.test"), "您好")
    await db.pool.execute(
        "UPDATE contact SET data_key = '\\x00' WHERE id = (SELECT contact_id FROM conversation WHERE id = $1)",
        conversation,
    )
    await office.send_all()
    assert (await office.state(lost))["error_class"] == "bad_request"
    assert (await office.state(fine))["state"] == "sent"


async def test_an_agent_sends_a_failed_one_again_and_no_other(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, NEVER)
    sent = await office.reply(await office.asked(), "再试")
    async with db.transaction() as tx:
        with pytest.raises(Conflict):
            await retry(tx, sent, actor="agent:x", now=clock.now())
    await office.send_all()
    async with db.transaction() as tx:
        await retry(tx, sent, actor="agent:x", now=clock.now())
    assert (await office.state(sent))["delivery"] == "queued"
    await office.send_all()
    after = await office.state(sent)
    assert (after["state"], after["attempt"], after["error_class"]) == ("sent", 1, None)
    assert after["delivery_error"] is None


async def test_a_return_fails_a_sent_message_once(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    sent = await office.reply(await office.asked(), "您好")
    await office.send_all()
    for expected in (True, False):
        async with db.transaction() as tx:
            told = await note_bounce(tx, sent, cause=ErrorClass.RECIPIENT, words="5.1.1 unknown", now=clock.now())
            assert told is expected
    after = await office.state(sent)
    assert (after["delivery"], after["delivery_error"]) == ("failed", "recipient_blocked: 5.1.1 unknown")
    assert await db.pool.fetchval("SELECT count(*) FROM message WHERE direction = 'system'") == 1


async def test_one_slow_vendor_call_does_not_hold_up_other_conversations(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    release = asyncio.Event()

    async def first_is_slow(letter: Letter) -> None:
        if letter.text == "慢":
            await release.wait()

    office.vendor.during = first_is_slow
    slow = await office.reply(await office.asked("slow@customer.test"), "慢")
    dispatcher, lease = office.dispatcher()
    async with lease:
        await dispatcher.turn()
        quick = await office.reply(await office.asked("quick@customer.test"), "快")
        await dispatcher.turn()
        await until(lambda: sorted(office.vendor.texts) == ["快", "慢"])
        await _until_state(office, quick, "sent")
        assert (await office.state(slow))["state"] == "sending"
        release.set()
        await dispatcher.drain()
    assert (await office.state(slow))["state"] == "sent"


async def _until_state(office: Office, message: object, state: str) -> None:
    async with asyncio.timeout(10):
        while (await office.state(message))["state"] != state:  # type: ignore[arg-type]  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_loop_wakes_sends_and_lets_calls_end_when_it_is_stopped(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, Receipt("a"))
    dispatcher, _ = office.dispatcher()
    running = asyncio.create_task(dispatcher.run())
    sent = await office.reply(await office.asked(), "醒醒")
    dispatcher.wake.ring()
    await until(lambda: bool(office.vendor.letters))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert office.vendor.closed
    assert (await office.state(sent))["state"] == "sent"


async def test_web_chat_is_sent_once_it_is_stored(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    sent = await office.reply(await office.asked(), "聊天")
    await db.pool.execute("UPDATE outbound SET channel = 'webchat'")
    sockets = SocketDelivery(db, clock, "webchat")
    assert [await sockets.step(), await sockets.step()] == [1, 0]
    assert await office.deliveries(sent) == ["sent"]
