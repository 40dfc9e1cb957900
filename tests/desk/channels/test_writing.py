"""A customer sees that somebody writes: told now and then, and never at the cost of anything else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec

from tests.desk.channels.test_taking import PAPER, OneLine, Post, post
from yizhan.desk.channels import Line, Writing
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import HttpFailed

__all__ = ["post"]


async def test_the_vendor_is_told_now_and_then(post: Post, clock: FakeClock) -> None:
    told: list[str] = []

    async def typing(line: Line, address: str) -> None:
        told.append(address)
        raise HttpFailed("away", sent=True)

    async def open_line(_: UUID) -> Line:
        return OneLine(post.account, clock)

    shown = msgspec.structs.replace(PAPER, typing=typing)
    adapters = {"paper": shown, "mute": PAPER}
    writing = Writing(post.shop.db, post.shop.vault, clock, adapters.get, open_line)
    await post.taking.take(post.account, [post.sheet("m1")], clock.now())
    ((identity,),) = [tuple(row.values()) for row in await post.rows("SELECT identity_id FROM conversation")]
    for _ in range(3):
        for channel in ("paper", "mute", "gone"):
            writing.show(channel, post.account.inbox_id, identity)
    await writing.settled()
    assert told == ["o-1"]
    clock.advance(timedelta(seconds=9))
    writing.show("paper", post.account.inbox_id, identity)
    await writing.settled()
    assert told == ["o-1", "o-1"]
