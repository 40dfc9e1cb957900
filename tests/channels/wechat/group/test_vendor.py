"""A customer group end to end: called, answered with the customer's name, or in private."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from tests.channels.letters import a_letter
from tests.channels.standing import ANNA, Standing, standing
from yizhan.channels.wechat.group import ADAPTER, GroupSender
from yizhan.desk.channels import Account
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Fault
from yizhan.simulator.wecom import WeCom


@pytest.fixture
async def group(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(WeCom, clock) as made:
        yield made


async def called(at: Standing) -> str:
    await at.vendor.say(at.vendor.meet(ANNA), "@客服 灯不亮", channel="wecom_group")
    said, _ = at.take()
    return str(said.who.value)


def answered(at: Standing) -> list[Any]:
    chat = at.vendor.people.chat("wecom_group", at.vendor.meet(ANNA).id)
    return [(each.text, each.payload["private"]) for each in chat if each.by == "house"]


async def test_answered_in_the_group_by_name_and_once(group: Standing) -> None:
    to, line = await called(group), group.lines["wecom_group"]
    line.files["pic"] = b"picture"
    letter = a_letter(to, files=(LetterFile("pic", "a.png", "image/png", size=7),))
    first, again = [await GroupSender(line).send(letter) for _ in range(2)]
    assert (first.reported, first.vendor_id) == (True, again.vendor_id)
    assert answered(group) == [("@王晓燕 明天到", False)]
    await group.vendor.pusher.settled()
    [report] = group.take()
    assert (report.vendor_id, report.state) == (first.vendor_id, "delivered")


async def test_answered_in_private_by_the_letter_or_by_the_inbox(group: Standing) -> None:
    to, line = await called(group), group.lines["wecom_group"]
    await GroupSender(line).send(a_letter(to, payload={"private": True}))
    account: Account = line.account
    line.account = msgspec.structs.replace(
        account, settings=msgspec.structs.replace(account.settings, answers="private")
    )
    await GroupSender(line).send(msgspec.structs.replace(a_letter(to, "单号 1"), message_id=account.inbox_id))
    assert answered(group) == [("明天到", True), ("单号 1", True)]


@pytest.mark.parametrize(("fault", "cause", "again"), [
    (Fault(status=502), ErrorClass.TRANSIENT, True), (Fault(status=429), ErrorClass.THROTTLE, True),
    (Fault(lose=True), ErrorClass.TRANSIENT, True), (Fault(html=True), ErrorClass.TRANSIENT, True),
    (Fault(status=401), ErrorClass.AUTH, False), (Fault(status=422), ErrorClass.RECIPIENT, False),
])  # fmt: skip
async def test_refusals_have_classes(group: Standing, fault: Fault, cause: ErrorClass, *, again: bool) -> None:
    to = await called(group)
    group.vendor.faults.add([fault])
    with pytest.raises(SendFailed) as refused:
        await GroupSender(group.lines["wecom_group"]).send(a_letter(to))
    assert (refused.value.error_class, refused.value.retry_after is not None) == (cause, again)


async def test_strangers_are_refused_and_the_settings_tried(group: Standing) -> None:
    group.vendor.faults.mischief.append("tamper")
    refused = await group.vendor.say(group.vendor.meet(ANNA), "@客服 在吗", channel="wecom_group")
    assert (refused.state, group.take()) == ("refused", [])
    assert ADAPTER.check is not None
    assert [each.ok for each in await ADAPTER.check(group.lines["wecom_group"])] == [True, True, True]
    group.vendor.group.secret = "another"
    assert [each.ok for each in await ADAPTER.check(group.lines["wecom_group"])] == [True, True, False]


async def test_why_not_is_said_in_the_words_of_the_queue(group: Standing) -> None:
    with pytest.raises(SendFailed) as refused:
        await GroupSender(group.lines["wecom_group"]).send(a_letter("wr1/nobody"))
    assert (refused.value.error_class, refused.value.message) == (ErrorClass.RECIPIENT, "not in the group")
