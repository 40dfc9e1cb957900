"""客服(仅本人): whoever has this role sees his own work in every list, and nothing of others'."""

from __future__ import annotations

import httpx
import pytest

from tests.web.desk import API, Desk, open_desk
from tests.web.house import House
from yizhan.desk.intake import Accepted
from yizhan.desk.search import search_reader
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import AgentChange, Scope
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    """高远 is of 售后 too, and sees only what is his."""
    desk = await open_desk(services, house, browser)
    async with services.db.transaction() as tx:
        who = await agents.agent(tx, house.people["gao"])
        own = next(role for role in await agents.roles(tx) if role.key == "agent_own")
        assert own.scope is Scope.OWN
        change = AgentChange(role_id=own.id)
        await agents.change_agent(tx, who.id, who.version, change, services.clock.now(), "system")
        members = [agents.Member(house.people[who], who == "su") for who in ("su", "lin", "gao")]
        await agents.set_members(tx, house.care, members, services.clock.now(), "system")
    return desk


async def matters(desk: Desk) -> tuple[Accepted, Accepted, Accepted]:
    """His own, one of 林一, and one that waits for anybody: all three of one person."""
    his, hers = await desk.served("v1", "gao", "蓝色的灯不亮"), await desk.served("v2", "lin", "绿色的灯不亮")
    waits = await desk.comes("v3", "黄色的灯不亮")
    await desk.sql("UPDATE contact SET person_id = (SELECT min(id::text)::uuid FROM contact)")
    journal = Lease(desk.services.db, "journal", "test")
    await journal.step()
    await Sequencer(desk.services.db, journal, Wake(), lambda pos: None).drain()
    await search_reader(desk.services.db, desk.services.clock, desk.services.vault).step()
    return his, hers, waits


async def test_every_list_shows_his_own_work_alone(desk: Desk) -> None:
    his, hers, waits = await matters(desk)
    contact = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", his.conversation_id)
    await desk.as_("gao")
    found = 0
    for path in (
        "/conversations/mine", "/conversations/queue", "/tickets?view=all", "/tickets?view=team", "/tickets?view=mine",
        "/tickets?view=unassigned", "/search?q=灯不亮", f"/contacts/{contact}", f"/tickets/{his.ticket_id}",
        f"/conversations/{his.conversation_id}",
    ):  # fmt: skip
        answer = await desk.browser.get(API + path)
        assert answer.status_code == 200, (path, answer.text)
        for other in (hers, waits):
            assert str(other.ticket_id) not in answer.text, path
            assert str(other.conversation_id) not in answer.text, path
        assert "绿色" not in answer.text, path
        assert "黄色" not in answer.text, path
        found += str(his.ticket_id) in answer.text
    assert found >= 6
    counts = await desk.get("/tickets/counts")
    assert (counts["mine"], counts["all"], counts["team"], counts["unassigned"]) == (1, 1, 0, 0)


async def test_what_is_not_his_does_not_exist_for_him(desk: Desk) -> None:
    _, hers, waits = await matters(desk)
    await desk.as_("gao")
    for other in (hers, waits):
        for path in (
            f"/conversations/{other.conversation_id}", f"/tickets/{other.ticket_id}",
            f"/tickets/{other.ticket_id}/messages", f"/work/ticket/{other.ticket_id}/why",
        ):  # fmt: skip
            await desk.refused(404, "not_found", "GET", path)
    await desk.refused(404, "not_found", "POST", f"/conversations/{waits.conversation_id}/pull")


async def test_a_wider_scope_sees_the_whole_story(desk: Desk) -> None:
    his, hers, _ = await matters(desk)
    contact = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", his.conversation_id)
    await desk.as_("su")
    assert str(hers.ticket_id) in (await desk.browser.get(f"{API}/contacts/{contact}")).text
