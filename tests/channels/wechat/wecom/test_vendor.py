"""An application end to end against a vendor on a loopback port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.channels.letters import a_letter
from tests.channels.standing import ANNA, Standing, standing
from yizhan.channels.wechat.wecom import ADAPTER, WeComSender
from yizhan.desk.outbound import ErrorClass, LetterFile, Receipt, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault
from yizhan.simulator.wecom import WeCom


@pytest.fixture
async def wecom(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(WeCom, clock) as made:
        yield made


async def sent(at: Standing, **more: Any) -> Receipt:
    return await WeComSender(at.lines["wecom"]).send(a_letter(at.vendor.meet(ANNA).id, **more))


async def failure(at: Standing, **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as refused:
        await sent(at, **more)
    return refused.value


async def test_a_conversation_with_words_and_pictures(wecom: Standing) -> None:
    vendor, anna = wecom.vendor, wecom.vendor.meet(ANNA)
    await vendor.say(anna, "三号店没电了", channel="wecom")
    await vendor.say(anna, channel="wecom", kind="image", file=Blob("a.png", "image/png", b"\x89PNG picture"))
    said, shown = wecom.take()
    assert (said.text, said.who.value, shown.kind) == ("三号店没电了", anna.id, "image")
    line = wecom.lines["wecom"]
    assert ADAPTER.fetch is not None
    assert (await ADAPTER.fetch(line, dict(shown.media[0].ref))).content == b"\x89PNG picture"
    line.files["pic"] = b"our picture"
    receipt = await sent(wecom, text="马上来", files=(LetterFile("pic", "b.png", "image/png", size=11),))
    assert [each.kind for each in vendor.people.chat("wecom", anna.id)[2:]] == ["text", "image"]
    assert ADAPTER.recall is not None
    await ADAPTER.recall(line, receipt.vendor_id, {})
    assert vendor.people.chat("wecom", anna.id)[2].state == "recalled"


async def test_what_may_have_arrived_is_sent_again_and_arrives_once(wecom: Standing, clock: FakeClock) -> None:
    wecom.vendor.faults.add([Fault(lose=True, path="/cgi-bin/message/send", times=2)])
    lost = await failure(wecom)
    assert (lost.retry_after, lost.ambiguous) == (timedelta(seconds=5), False)
    assert (await failure(wecom, attempt=4)).ambiguous
    clock.advance(timedelta(hours=1))
    await sent(wecom, attempt=2)
    assert len(wecom.vendor.people.chat("wecom", wecom.vendor.meet(ANNA).id)) == 1
    clock.advance(timedelta(seconds=6))
    for _ in range(2):  # the same is said once more, and the button pressed twice
        await sent(wecom)
    assert len(wecom.vendor.people.chat("wecom", wecom.vendor.meet(ANNA).id)) == 2


async def test_refusals_have_classes_and_bounds_are_kept(wecom: Standing) -> None:
    wecom.vendor.faults.add([Fault(errcode=60020, path="/cgi-bin/message"), Fault(html=True, path="/cgi-bin/message")])
    assert (await failure(wecom)).error_class is ErrorClass.PERMISSION
    assert (await failure(wecom)).retry_after is not None
    assert (await failure(wecom, text="长" * 683)).error_class is ErrorClass.CONTENT
    with pytest.raises(SendFailed) as nobody:
        await WeComSender(wecom.lines["wecom"]).send(a_letter("nobody"))
    assert nobody.value.error_class is ErrorClass.RECIPIENT


async def test_rich_kinds_and_the_test_of_the_settings(wecom: Standing) -> None:
    await sent(wecom, kind="link", payload={"title": "说明", "url": "https://example.com"}, text="看这里")
    await sent(wecom, kind="menu", payload={"options": ["是", {"text": "否"}]}, text="修好了吗?")
    link, menu = wecom.vendor.people.chat("wecom", wecom.vendor.meet(ANNA).id)
    assert (link.kind, menu.text) == ("textcard", "修好了吗?\n1. 是\n2. 否")
    assert ADAPTER.check is not None
    assert [each.ok for each in await ADAPTER.check(wecom.lines["wecom"])] == [True, True, True]
    wecom.vendor.app.agent = "9"
    assert [each.ok for each in await ADAPTER.check(wecom.lines["wecom"])] == [True, True, False]


async def test_members_have_names_where_the_application_may_see_them(wecom: Standing) -> None:
    anna = wecom.vendor.meet(ANNA)
    assert ADAPTER.enrich is not None
    found = await ADAPTER.enrich(wecom.lines["wecom"], [anna.id, "gone"])
    assert {member: [each.value for each in said] for member, said in found.items()} == {anna.id: [ANNA.name]}
    wecom.vendor.app.shows_names = False
    assert not await ADAPTER.enrich(wecom.lines["wecom"], [anna.id])
