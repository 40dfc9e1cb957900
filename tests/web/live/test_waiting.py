"""Who waits too long appears before the supervisors who may see him, and goes when he is answered."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.web.house import House
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import hand, rows, write
from tests.web.server import Running, Widget
from yizhan.desk import serving
from yizhan.records import agents, conversations
from yizhan.records.agents import AgentChange, Member
from yizhan.records.conversations import Draft


async def tell(live: Running, conversation: str, what: str) -> None:
    async with live.services.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, UUID(conversation))
        now = live.services.clock.now()
        await conversations.tell_overdue(tx, c, what=what, actor="timer:test", now=now)


@pytest.fixture
async def leads(live: Running, house: House) -> None:
    """苏瑾 leads 售后, 高远 leads 售前."""
    async with live.services.db.transaction() as tx:
        now = live.services.clock.now()
        who = await agents.agent(tx, house.people["gao"])
        await agents.change_agent(tx, who.id, who.version, AgentChange(role_id=house.roles["lead"]), now, "system")
        await agents.set_members(tx, house.sales, [Member(house.people["gao"], True)], now, "system")


@pytest.mark.usefixtures("leads")
async def test_no_first_word_is_seen_until_it_comes(live: Running, widget: Widget, house: House, desk: Desk) -> None:
    said = await write(widget, "滤芯漏水")
    conversation = said["conversation_id"]
    await hand(live, conversation, house.people["lin"])
    async with desk("su") as su, desk("gao") as gao, desk("lin") as lin, desk("admin") as admin:
        await tell(live, conversation, "reply")
        put = await su.next("put", e="waiting")
        assert (put["id"], put["row"]["what"]) == (conversation, "reply")
        assert put["row"]["conversation"]["agent_name"] == "林一"
        alert = await su.next("alert")
        assert (alert["kind"], alert["conversation_id"]) == ("waiting", conversation)
        await admin.next("put", e="waiting")
        async with live.services.db.transaction() as tx:
            draft = Draft(direction="out", author=f"agent:{house.people['lin']}", text="马上")
            await serving.reply(tx, UUID(conversation), draft, now=live.services.clock.now())
        assert (await su.next("gone", e="waiting"))["id"] == conversation
        assert rows(await gao.quiet(0.2) + await lin.quiet(0.1), "waiting") == []


@pytest.mark.usefixtures("leads")
async def test_who_waits_for_anybody_goes_when_somebody_has_him(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    conversation = (await write(widget, "有人吗"))["conversation_id"]
    async with desk("su") as su:
        await tell(live, conversation, "queue")
        assert (await su.next("put", e="waiting"))["row"]["what"] == "queue"
        await hand(live, conversation, house.people["lin"])
        assert (await su.next("gone", e="waiting"))["id"] == conversation
        await tell(live, conversation, "queue")  # too late to be true
        assert rows(await su.quiet(0.2), "waiting") == []
