"""Through the stand-in: what people do on their phones is heard, what we answer stands in their chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.channels.standing import ANNA, Standing, letter, standing
from yizhan.channels.weibo import ADAPTER
from yizhan.channels.weibo.comments import ADAPTER as COMMENTS
from yizhan.desk.channels import MediaGone
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault
from yizhan.simulator.weibo import CLOSED, Weibo


@pytest.fixture
async def weibo(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(Weibo, clock) as stood:
        yield stood


async def test_a_private_conversation(weibo: Standing, clock: FakeClock) -> None:
    assert ADAPTER.sender
    assert ADAPTER.fetch
    assert (await weibo.vendor.verify()).body.startswith(b"echo")
    anna = weibo.vendor.meet(ANNA)
    await weibo.vendor.act(anna, "follow")
    await weibo.vendor.say(anna, "漏水了 😭")
    await weibo.vendor.say(anna, "", kind="image", file=Blob("a.jpg", "image/jpeg", b"\xff\xd8picture"))
    follow, text, image = weibo.take()
    assert (follow.kind, text.text, image.kind, text.who.value) == ("follow", "漏水了 😭", "image", anna.id)
    line = weibo.lines["weibo"]
    assert (await ADAPTER.fetch(line, dict(image.media[0].ref))).content == b"\xff\xd8picture"
    with pytest.raises(MediaGone):
        await ADAPTER.fetch(line, {"fid": "1"})
    await ADAPTER.sender(line).send(letter(anna.id, "马上处理 👍", clock.now()))
    assert weibo.vendor.people.chat("weibo", anna.id)[-1].text == "马上处理 [赞]"


@pytest.mark.parametrize(("fault", "cause", "state"), [
    (Fault(code=CLOSED), ErrorClass.WINDOW_CLOSED, "final"),
    (Fault(code=21327), ErrorClass.AUTH, "final"),
    (Fault(code=10023), ErrorClass.THROTTLE, "again"),
    (Fault(status=503), ErrorClass.TRANSIENT, "again"),
    (Fault(html=True), ErrorClass.UNKNOWN, "ambiguous"),
    (Fault(lose=True), ErrorClass.UNKNOWN, "ambiguous"),
])  # fmt: skip
async def test_what_goes_wrong(weibo: Standing, clock: FakeClock, fault: Fault, cause: ErrorClass, state: str) -> None:
    assert ADAPTER.sender
    anna = weibo.vendor.meet(ANNA)
    await weibo.vendor.say(anna, "在吗")
    weibo.vendor.faults.add([fault])
    with pytest.raises(SendFailed) as failure:
        await ADAPTER.sender(weibo.lines["weibo"]).send(letter(anna.id, "在的", clock.now()))
    said = "ambiguous" if failure.value.ambiguous else "again" if failure.value.retry_after else "final"
    assert (failure.value.error_class, said) == (cause, state)


async def test_after_two_days_weibo_lets_nothing_through(weibo: Standing, clock: FakeClock) -> None:
    assert ADAPTER.sender
    anna = weibo.vendor.meet(ANNA)
    await weibo.vendor.say(anna, "在吗")
    clock.advance(timedelta(hours=49))
    with pytest.raises(SendFailed) as failure:
        await ADAPTER.sender(weibo.lines["weibo"]).send(letter(anna.id, "在的", clock.now()))
    assert failure.value.error_class is ErrorClass.WINDOW_CLOSED


async def test_what_people_call_themselves(weibo: Standing) -> None:
    assert ADAPTER.enrich
    anna = weibo.vendor.meet(ANNA)
    known = await ADAPTER.enrich(weibo.lines["weibo"], [anna.id, "1"])
    assert {uid: [(each.kind, each.value) for each in found] for uid, found in known.items()} == {
        anna.id: [("nickname", "王晓燕")]
    }  # fmt: skip
    weibo.vendor.faults.add([Fault(code=10023)])
    with pytest.raises(SendFailed):
        await ADAPTER.enrich(weibo.lines["weibo"], [anna.id])


async def test_the_settings_are_tried(weibo: Standing) -> None:
    assert ADAPTER.check
    assert COMMENTS.check
    assert all(each.ok for each in await ADAPTER.check(weibo.lines["weibo"]))
    assert [each.name for each in await COMMENTS.check(weibo.lines["weibo_comment"])][1:] == [
        "comments", "comment_mentions", "post_mentions"
    ]  # fmt: skip
    weibo.vendor.expire_tokens()
    assert not (await ADAPTER.check(weibo.lines["weibo"]))[-1].ok
