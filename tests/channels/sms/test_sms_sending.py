"""Sending through the stand-in of both clouds: accepted, refused, lost, reported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.channels.letters import NOW, a_letter
from tests.channels.lines import TestLine, account_for
from tests.serving import served
from yizhan.channels import adapter
from yizhan.desk.channels import Adapter, DeliveryReport
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Fault
from yizhan.simulator.sms import Sms

CLOUDS = ("sms_aliyun", "sms_tencent")
PHONE = "+8613800138000"


class Cloud:
    """An adapter, its line and the vendor it calls."""

    def __init__(self, name: str, vendor: Sms) -> None:
        found = adapter(name)
        assert found is not None
        self.found: Adapter = found
        self.vendor = vendor
        self.line = TestLine(account_for(found, vendor.settings(name), vendor.secrets(name)), FakeClock(NOW))

    async def send(self, **more: Any) -> Any:
        assert self.found.sender is not None
        return await self.found.sender(self.line).send(a_letter(PHONE, **more))

    async def refused(self, **more: Any) -> SendFailed:
        with pytest.raises(SendFailed) as refusal:
            await self.send(**more)
        return refusal.value


@asynccontextmanager
async def cloud(name: str) -> AsyncIterator[Cloud]:
    vendor = Sms(FakeClock(NOW))
    vendor.report_after = 0
    async with served(vendor) as base:
        vendor.base = base
        made = Cloud(name, vendor)
        yield made
        await made.line.http.close()


@pytest.mark.parametrize("name", CLOUDS)
async def test_a_reply_arrives_signed(name: str) -> None:
    async with cloud(name) as at:
        receipt = await at.send(text="明天到 😀")
        [bubble] = at.vendor.people.chat(name, PHONE)
        assert (bubble.text, bubble.id, receipt.reported) == ("【驿站商城】客服回复:明天到 😀", receipt.vendor_id, True)


@pytest.mark.parametrize("name", CLOUDS)
async def test_a_wrong_secret_is_told(name: str) -> None:
    async with cloud(name) as at:
        at.vendor.secrets(name)["access_key_secret" if name == "sms_aliyun" else "secret_key"] = "another"
        assert (await at.refused()).error_class is ErrorClass.AUTH
        assert at.found.check is not None
        assert [each.ok for each in await at.found.check(at.line) if each.name == "key"] == [False]
    async with cloud(name) as at:
        assert at.found.check is not None
        assert all(each.ok for each in await at.found.check(at.line))


@pytest.mark.parametrize("name", CLOUDS)
@pytest.mark.parametrize(
    ("fault", "error_class", "ambiguous", "again"),
    [
        (Fault(lose=True), ErrorClass.UNKNOWN, True, False),
        (Fault(html=True), ErrorClass.UNKNOWN, True, False),
        (Fault(status=504), ErrorClass.UNKNOWN, True, False),
        (Fault(status=503), ErrorClass.TRANSIENT, False, True),
        (Fault(status=429), ErrorClass.THROTTLE, False, True),
    ],
)
async def test_what_may_have_been_sent_is_not_sent_again(
    name: str, fault: Fault, error_class: ErrorClass, *, ambiguous: bool, again: bool
) -> None:
    async with cloud(name) as at:
        at.vendor.faults.add([fault])
        refusal = await at.refused()
        assert (refusal.error_class, refusal.ambiguous, refusal.retry_after is not None) == (
            error_class, ambiguous, again,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "error_class", "again"),
    [
        ("sms_aliyun", "isv.BUSINESS_LIMIT_CONTROL", ErrorClass.QUOTA_EXHAUSTED, True),
        ("sms_aliyun", "isv.AMOUNT_NOT_ENOUGH", ErrorClass.PERMISSION, False),
        ("sms_aliyun", "isp.SYSTEM_ERROR", ErrorClass.TRANSIENT, True),
        ("sms_aliyun", "isv.NEW_ONE", ErrorClass.BAD_REQUEST, False),
        ("sms_tencent", "LimitExceeded.PhoneNumberThirtySecondLimit", ErrorClass.QUOTA_EXHAUSTED, True),
        ("sms_tencent", "FailedOperation.PhoneNumberInBlacklist", ErrorClass.RECIPIENT, False),
        ("sms_tencent", "InternalError.Timeout", ErrorClass.TRANSIENT, True),
    ],
)
async def test_a_refusal_has_its_class(name: str, code: str, error_class: ErrorClass, *, again: bool) -> None:
    async with cloud(name) as at:
        at.vendor.faults.add([Fault(code=code)])
        refusal = await at.refused()
        assert (refusal.error_class, refusal.retry_after is not None, code in refusal.message) == (
            error_class, again, True,
        )  # fmt: skip


@pytest.mark.parametrize("name", CLOUDS)
async def test_a_code_twice_in_a_minute_is_too_often(name: str) -> None:
    key, blank = ("SMS_100001", "code") if name == "sms_aliyun" else ("1000001", "1")
    async with cloud(name) as at:
        template = {"kind": "template", "payload": {"template": key, "blanks": {blank: "123456"}}}
        await at.send(**template)
        assert (await at.refused(**template)).error_class is ErrorClass.QUOTA_EXHAUSTED


async def test_a_time_out_is_settled_by_what_the_cloud_kept() -> None:
    async with cloud("sms_tencent") as at:
        account = at.line.account
        settings = msgspec.structs.replace(account.settings, timeout=1.0, pulls=True)
        at.line.account = msgspec.structs.replace(account, settings=settings)
        at.vendor.faults.add([Fault(lose=True)])
        await at.refused()
        assert at.found.pull is not None
        page = await at.found.pull(at.line, None, "")
        [report] = page.happenings
        assert isinstance(report, DeliveryReport)
        assert (report.ours, report.state, page.more) == (UUID(int=3), "delivered", False)
