"""Who newcomers are is asked after they wrote: one customer on two channels is found to be one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

import msgspec
import pytest

from tests.desk.channels.test_taking import PAPER, OneLine, Post, post
from yizhan.desk.channels import Adapter, Arrival, ChannelEvent, Enricher, Line
from yizhan.desk.intake import Sender
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import HttpFailed
from yizhan.foundation.lease import Lease
from yizhan.records.contacts import Identifier

__all__ = ["post"]


class Vendor:
    """Says of everybody whose UnionID it knows; refuses as long as it is told to."""

    def __init__(self, clock: FakeClock, unions: Mapping[str, str]) -> None:
        self.clock, self.unions = clock, unions
        self.asked: list[Sequence[str]] = []
        self.away = False
        self.nicknames: Mapping[str, str] = {}

    async def enrich(self, line: Line, addresses: Sequence[str]) -> Mapping[str, Sequence[Identifier]]:
        if self.away:
            raise HttpFailed("no answer", sent=True)
        self.asked.append(addresses)
        now = self.clock.now()
        known = {each: [Identifier("unionid", self.unions[each], now)] for each in addresses if each in self.unions}
        for each in self.nicknames.keys() & set(addresses):
            known.setdefault(each, []).append(Identifier("nickname", self.nicknames[each], now))
        return known


@pytest.fixture
async def vendor(clock: FakeClock) -> Vendor:
    return Vendor(clock, {"o-1": "U1", "o-2": "U1", "o-3": "U3"})


@pytest.fixture
async def enricher(post: Post, vendor: Vendor, clock: FakeClock) -> AsyncIterator[Enricher]:
    adapter: Adapter = msgspec.structs.replace(PAPER, enrich=vendor.enrich)
    lease = Lease(post.shop.db, "enrich", "t")
    async with lease:
        await lease.acquired()
        yield Enricher(post.shop.db, post.shop.vault, adapter, OneLine(post.account, clock), lease)


async def write(post: Post, clock: FakeClock, who: str, id: str) -> None:
    sender = Sender(kind="paper", value=who, inbox_scoped=True, masked="o***")
    await post.taking.take(post.account, [Arrival(id=id, who=sender, name="纸条", text="在吗")], clock.now())


async def persons(post: Post) -> int:
    return len(await post.rows("SELECT DISTINCT person_id FROM contact"))


async def test_two_openids_of_one_unionid_are_one_customer(
    post: Post, enricher: Enricher, vendor: Vendor, clock: FakeClock
) -> None:
    await write(post, clock, "o-1", "m1")
    assert await enricher.step() == 1
    await write(post, clock, "o-2", "m2")
    assert await enricher.step() == 1
    assert await persons(post) == 1
    await write(post, clock, "o-9", "m3")
    await enricher.step()
    assert await persons(post) == 2
    assert [list(each) for each in vendor.asked] == [["o-1"], ["o-2"], ["o-9"]]


async def test_nobody_is_asked_for_twice(post: Post, enricher: Enricher, vendor: Vendor, clock: FakeClock) -> None:
    await write(post, clock, "o-1", "m1")
    for _ in range(3):
        await enricher.step()
        clock.advance(timedelta(seconds=30))
    await write(post, clock, "o-1", "m2")
    await enricher.step()
    assert len(vendor.asked) == 1


async def test_a_vendor_that_is_away_is_asked_again(
    post: Post, enricher: Enricher, vendor: Vendor, clock: FakeClock
) -> None:
    vendor.away = True
    await write(post, clock, "o-3", "m1")
    assert await enricher._turn() == 2.0
    clock.advance(timedelta(minutes=30))
    assert await enricher._turn() == 4.0
    vendor.away = False
    await enricher._turn()
    assert await post.rows("SELECT 1 FROM identity WHERE kind = 'unionid'")


async def test_who_has_no_name_yet_is_called_as_he_calls_himself(
    post: Post, enricher: Enricher, vendor: Vendor, clock: FakeClock
) -> None:
    vendor.nicknames = {"o-3": "小满", "o-4": "大满"}
    named = Sender(kind="paper", value="o-3", inbox_scoped=True, masked="o***")
    await post.taking.take(post.account, [Arrival(id="m1", who=named, name="王晓燕", text="在吗")], clock.now())
    nameless = Sender(kind="paper", value="o-4", inbox_scoped=True, masked="o***4")
    await post.taking.take(post.account, [Arrival(id="m2", who=nameless, name="", text="在吗")], clock.now())
    await enricher.step()
    assert {row["name"] for row in await post.rows("SELECT name FROM contact")} == {"王晓燕", "大满"}
    assert not await post.rows("SELECT 1 FROM identity WHERE kind = 'nickname'")


async def test_who_follows_again_is_asked_for_again(
    post: Post, enricher: Enricher, vendor: Vendor, clock: FakeClock
) -> None:
    await write(post, clock, "o-1", "m1")
    await enricher.step()
    clock.advance(timedelta(minutes=5))
    await enricher.step()
    who = Sender(kind="paper", value="o-1", inbox_scoped=True, masked="o***")
    follow = ChannelEvent(id="f1", who=who, name="粉丝", kind="follow")
    await post.taking.take(post.account, [follow], clock.now())
    assert await enricher.step() == 1
