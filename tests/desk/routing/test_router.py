"""The router on a real PostgreSQL: from a customer's first word to an agent, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    return await open_floor(db, clock)


async def test_a_chat_reaches_a_free_agent_with_its_ticket(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "请问什么时候发货?")
    conversation = await floor.row("conversation", done.conversation_id)
    assert (conversation["phase"], conversation["agent_id"], conversation["ready"]) == ("served", lin, True)
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["status"], ticket["agent_id"], ticket["owner_id"]) == ("open", lin, lin)
    assert (ticket["type"], ticket["priority"]) == ("consult", 2)
    note = await floor.db.pool.fetchrow("SELECT text, typed, actor FROM note")
    assert note is not None
    assert (note["text"], note["typed"], note["actor"]) == (
        "智能分配给 林一(售后,接待 1/5),等待 00:00", False, "router",
    )  # fmt: skip
    assert await floor.loads() == {lin: (1, 0)} == await floor.counted()
    kinds = await floor.kinds()
    for kind in ("work.ready", "conversation.assigned", "ticket.assigned", "load.changed"):
        assert kind in kinds
    explanation = await floor.db.pool.fetchval("SELECT explanation FROM assignment WHERE work = 'conversation'")
    assert (explanation["reason"], explanation["carried"], explanation["cap"]) == ("room", 1, 5)


async def test_a_mail_is_routed_as_its_ticket_and_weighs_async(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("wang@example.com", "我要退款", mail=True)
    conversation = await floor.row("conversation", done.conversation_id)
    assert (conversation["phase"], conversation["agent_id"]) == ("served", lin)
    assert (await floor.row("ticket", done.ticket_id))["status"] == "open"
    assert await floor.loads() == {lin: (0, 1)} == await floor.counted()


async def test_who_waits_is_served_as_soon_as_somebody_comes(floor: Floor) -> None:
    first = await floor.says("v1", "在吗")
    second = await floor.says("v2", "在吗")
    assert await floor.agent_of(first) is None
    floor.clock.advance(timedelta(seconds=18))
    lin = await floor.hire("林一", live_cap=1)
    assert await floor.agent_of(first) == lin
    assert await floor.agent_of(second) is None
    note = await floor.db.pool.fetchval("SELECT text FROM note")
    assert note == "智能分配给 林一(售后,接待 1/1),等待 00:18"
