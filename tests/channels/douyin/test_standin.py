"""Through the stand-in: messages and comments in, counted replies out, tokens that end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.channels.standing import ANNA, Standing, letter, standing
from yizhan.channels.douyin import ADAPTER
from yizhan.channels.douyin.comments import ADAPTER as COMMENTS
from yizhan.desk.outbound import ErrorClass, Receipt, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Fault
from yizhan.simulator.douyin import ITEM, Douyin


@pytest.fixture
async def douyin(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(Douyin, clock) as stood:
        yield stood


async def answered(douyin: Standing, clock: FakeClock, message: Any, text: str = "在的") -> Receipt:
    assert ADAPTER.sender
    sender = ADAPTER.sender(douyin.lines["douyin"])
    return await sender.send(letter(message.who.value, text, clock.now(), answers=message.payload))


async def asked(douyin: Standing) -> Any:
    anna = douyin.vendor.meet(ANNA)
    await douyin.vendor.say(anna, "在吗 😭")
    return douyin.take()[-1]


async def test_a_private_conversation(douyin: Standing, clock: FakeClock) -> None:
    assert ADAPTER.recall
    assert (await douyin.vendor.verify()).body == b'{"challenge":12345}'
    anna = douyin.vendor.meet(ANNA)
    await douyin.vendor.act(anna, "enter")
    said = await douyin.vendor.say(anna, "在吗 😭")
    await douyin.vendor.take_back(anna, said)
    enter, message, recall = douyin.take()
    assert (enter.kind, message.text, message.name, recall.id) == ("enter", "在吗 😭", "王晓燕", message.id)
    receipt = await answered(douyin, clock, message)
    await ADAPTER.recall(douyin.lines["douyin"], receipt.vendor_id, {})
    assert douyin.vendor.people.chat("douyin", anna.id)[-1].state == "recalled"


async def test_six_replies_a_message_and_a_day(douyin: Standing, clock: FakeClock) -> None:
    message = await asked(douyin)
    for _ in range(6):
        await answered(douyin, clock, message)
    with pytest.raises(SendFailed) as used:
        await answered(douyin, clock, message)
    clock.advance(timedelta(hours=25))
    with pytest.raises(SendFailed) as late:
        await answered(douyin, clock, message)
    assert (used.value.error_class, late.value.error_class) == (ErrorClass.QUOTA_EXHAUSTED, ErrorClass.WINDOW_CLOSED)


async def test_a_token_that_ends_in_between_is_got_anew(douyin: Standing, clock: FakeClock) -> None:
    message = await asked(douyin)
    await answered(douyin, clock, message)
    douyin.vendor.expire_tokens()
    await answered(douyin, clock, message)
    assert douyin.lines["douyin"].asked == 3, "two access tokens, and once how long the authorisation lives"


async def test_the_authorisation_is_renewed_five_times_and_then_it_is_over(douyin: Standing, clock: FakeClock) -> None:
    assert ADAPTER.tend
    line, first = douyin.lines["douyin"], douyin.vendor.refresh_token
    await ADAPTER.tend(line)
    line.tokens["lasting"] = (first, clock.now())  # as after 80 % of its life
    for _ in range(5):
        await ADAPTER.tend(line)
        renewed, _ = line.tokens["lasting"]
        line.tokens["lasting"] = (renewed, clock.now())
    assert renewed == douyin.vendor.refresh_token != first
    with pytest.raises(SendFailed) as over:
        await ADAPTER.tend(line)
    assert over.value.error_class is ErrorClass.AUTH


@pytest.mark.parametrize(("fault", "cause", "state"), [
    (Fault(code=28003018), ErrorClass.THROTTLE, "again"),
    (Fault(code=28001038), ErrorClass.CONTENT, "final"),
    (Fault(code=2190008, times=2), ErrorClass.AUTH, "final"),
    (Fault(code=1), ErrorClass.BAD_REQUEST, "final"),
    (Fault(status=503), ErrorClass.TRANSIENT, "again"),
    (Fault(html=True), ErrorClass.UNKNOWN, "ambiguous"),
    (Fault(lose=True), ErrorClass.UNKNOWN, "ambiguous"),
])  # fmt: skip
async def test_what_goes_wrong(douyin: Standing, clock: FakeClock, fault: Fault, cause: ErrorClass, state: str) -> None:
    message = await asked(douyin)
    douyin.vendor.faults.add([msgspec.structs.replace(fault, path="/im/send")])
    with pytest.raises(SendFailed) as failure:
        await answered(douyin, clock, message)
    said = "ambiguous" if failure.value.ambiguous else "again" if failure.value.retry_after else "final"
    assert (failure.value.error_class, said) == (cause, state)


async def test_comments_are_told_and_asked_for_and_answered(douyin: Standing, clock: FakeClock) -> None:
    assert COMMENTS.pull
    assert COMMENTS.sender
    line = douyin.lines["douyin_comment"]
    line.account = msgspec.structs.replace(
        line.account, settings=msgspec.structs.replace(line.account.settings, page=2)
    )
    anna = douyin.vendor.meet(ANNA)
    for number in range(5):
        await douyin.vendor.say(anna, f"第 {number} 条", channel="douyin_comment")
        clock.advance(timedelta(seconds=5))
    told, cursor, came, pages = douyin.take(), None, list[Any](), 0
    for _ in range(2):
        while True:
            page = await COMMENTS.pull(line, cursor, "")
            came, cursor, pages = [*came, *page.happenings], page.cursor, pages + 1
            if not page.more:
                break
    assert {each.id for each in came} == {each.id for each in told}
    assert (len(told), pages) == (5, 4)
    receipt = await COMMENTS.sender(line).send(letter(anna.id, "已补货", clock.now(), answers=told[0].payload))
    assert (receipt.vendor_id[0], told[0].payload["handle"]["item"]) == ("@", ITEM)
    assert douyin.vendor.people.chat("douyin_comment", anna.id)[-1].text == "已补货"


async def test_the_settings_are_tried(douyin: Standing) -> None:
    assert ADAPTER.check
    assert [each.ok for each in await ADAPTER.check(douyin.lines["douyin"])] == [True] * 5
    douyin.vendor.refresh_token = "another"
    assert not (await ADAPTER.check(douyin.lines["douyin"]))[-1].ok
