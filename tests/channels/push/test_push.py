"""Pushes against the stand-ins of their vendors: taken, refused, gone, and access tokens that end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.serving import served
from yizhan.channels.push import VendorPush, check_push, getui, jpush
from yizhan.channels.push.model import Ask
from yizhan.desk.push import Fate, Provider, PushAccount, PushFailed, PushSettings, Ring
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import Guard, Http
from yizhan.simulator.faults import Fault
from yizhan.simulator.push import Apns, Fcm, GeTui, JPush

VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())
CHAT = UUID(int=9)
KINDS: dict[Provider, Any] = {
    Provider.APNS: Apns, Provider.FCM: Fcm, Provider.GETUI: GeTui, Provider.JPUSH: JPush,
}  # fmt: skip
DEVICE, REMOVED = "a1" * 32, "b2" * 32


class Kept:
    """Access tokens, for as long as the test."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        self.asked = 0

    async def token(self, inbox_id: UUID, name: str, ask: Ask) -> str:
        if name not in self.tokens:
            self.asked += 1
            self.tokens[name] = (await ask()).token
        return self.tokens[name]

    async def refused(self, inbox_id: UUID, name: str, token: str) -> None:
        del self.tokens[name]


class Stand:
    def __init__(self, provider: Provider, vendor: Any, clock: FakeClock) -> None:
        self.provider, self.vendor, self.clock, self.kept = provider, vendor, clock, Kept()
        self.http = Http(Guard(allow=["127.0.0.1"]), http2=True)
        self.account = PushAccount(UUID(int=7), msgspec.convert(vendor.settings(""), PushSettings), vendor.secrets(""))

    async def ring(self, token: str = DEVICE) -> Fate:
        ring = Ring(
            key=UUID(int=5), token=token, title="驿站商城", body="您有一条新消息", badge=2, conversation_id=CHAT,
            at=self.clock.now(),
        )  # fmt: skip
        return await VendorPush(self.http, self.clock, self.kept).push(self.provider, self.account, ring)


@asynccontextmanager
async def standing(provider: Provider, clock: FakeClock) -> AsyncIterator[Stand]:
    vendor = KINDS[provider](clock)
    async with served(vendor) as base:
        vendor.base = base
        stand = Stand(provider, vendor, clock)
        try:
            yield stand
        finally:
            await stand.http.close()
            await vendor.pusher.close()


def test_signatures_are_those_of_the_vectors() -> None:
    given = VECTORS["getui_auth_sign"]
    assert getui.sign(given["appkey"], given["timestamp"], given["mastersecret"]) == given["expected"]
    given = VECTORS["jpush_basic_auth"]
    assert jpush.basic(given["app_key"], given["master_secret"]) == given["expected_header"]


@pytest.mark.parametrize("provider", KINDS)
async def test_a_device_rings_and_one_that_is_gone_is_told(provider: Provider, clock: FakeClock) -> None:
    async with standing(provider, clock) as stand:
        stand.vendor.gone.add(REMOVED)
        assert await stand.ring() is Fate.TAKEN
        assert await stand.ring(REMOVED) is Fate.GONE
        ((device, said),) = stand.vendor.rung
        assert device == DEVICE
        shown = json.dumps(said, ensure_ascii=False)
        assert "您有一条新消息" in shown
        assert str(CHAT) in shown
        assert stand.kept.asked == (provider is not Provider.JPUSH)
        assert [check.ok for check in await check_push(stand.http, stand.account, clock)] == [True]


@pytest.mark.parametrize("provider", [Provider.FCM, Provider.GETUI])
async def test_an_access_token_that_ended_is_replaced(provider: Provider, clock: FakeClock) -> None:
    async with standing(provider, clock) as stand:
        await stand.ring()
        stand.vendor.expire_tokens()
        assert await stand.ring() is Fate.TAKEN
        assert stand.kept.asked == 2


async def test_our_own_token_for_apple_is_made_anew_when_it_is_too_old(clock: FakeClock) -> None:
    async with standing(Provider.APNS, clock) as stand:
        await stand.ring()
        clock.advance(timedelta(hours=2))
        assert await stand.ring() is Fate.TAKEN
        assert stand.kept.asked == 2


@pytest.mark.parametrize(
    ("provider", "code", "again"),
    [
        (Provider.APNS, "TooManyRequests", True), (Provider.APNS, "PayloadEmpty", False),
        (Provider.FCM, "QUOTA_EXCEEDED", True), (Provider.FCM, "INVALID_ARGUMENT", False),
        (Provider.GETUI, 10003, True), (Provider.GETUI, 20001, False),
        (Provider.JPUSH, 2002, True), (Provider.JPUSH, 1004, False),
    ],
)  # fmt: skip
async def test_refusals(provider: Provider, code: str | int, again: bool, clock: FakeClock) -> None:
    async with standing(provider, clock) as stand:
        await stand.ring()
        stand.vendor.faults.add([Fault(code=code)])
        with pytest.raises(PushFailed) as refused:
            await stand.ring()
        assert refused.value.again is again
        stand.vendor.faults.add([Fault(html=True)])
        with pytest.raises(PushFailed):
            await stand.ring()


@pytest.mark.parametrize(
    ("provider", "secret"),
    [
        (Provider.APNS, {"push_apns_key": "x"}), (Provider.FCM, {"push_fcm_account": "{}"}),
        (Provider.GETUI, {"push_getui_secret": "x"}), (Provider.JPUSH, {"push_jpush_secret": "x"}),
    ],
)  # fmt: skip
async def test_the_test_button_says_what_is_wrong(provider: Provider, secret: dict[str, str], clock: FakeClock) -> None:
    async with standing(provider, clock) as stand:
        account = PushAccount(UUID(int=0), stand.account.settings, secret)
        (check,) = await check_push(stand.http, account, clock)
        assert (check.name, check.ok) == (f"push.{provider}", False)
        assert check.hint_zh
        assert check.hint_en
        assert stand.vendor.rung == []
