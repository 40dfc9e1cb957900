"""The memory of a hook's door: short, shared, and of nothing that is not there."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.house import House
from yizhan.foundation.errors import NotFound
from yizhan.records.inboxes import Channel, InboxChange, NewInbox, change_inbox, create_inbox
from yizhan.web.hook_doors import SECONDS, HookDoors
from yizhan.web.services import Services


class Ticks:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def test_a_changed_secret_counts_after_a_moment(services: Services, house: House) -> None:
    new = NewInbox(channel=Channel.GENERIC, name="自有商城", brand_id=house.brand, secrets={"secret": "old"}, key="own")
    async with services.db.transaction() as tx:
        made = await create_inbox(tx, services.vault, new, services.clock.now(), "system")
    ticks = Ticks()
    doors = HookDoors(ticks)
    at_once = await asyncio.gather(*(doors.find(services.db, services.vault, "own") for _ in range(5)))
    assert {each.secret.secret for each in at_once} == {"old"}
    assert all(each is at_once[0] for each in at_once), "one answer for all"
    async with services.db.transaction() as tx:
        change = InboxChange(secrets={"secret": "new"})
        await change_inbox(tx, services.vault, made, 1, change, services.clock.now(), "system")
    ticks.at += SECONDS
    assert (await doors.find(services.db, services.vault, "own")).secret.secret == "new"
    async with services.db.transaction() as tx:
        await change_inbox(tx, services.vault, made, 2, InboxChange(enabled=False), services.clock.now(), "system")
    ticks.at += SECONDS
    for _ in range(2):
        with pytest.raises(NotFound):
            await doors.find(services.db, services.vault, "own")
