"""A survey that waits for a visitor: told with his session, asked when it was on his screen, gone once he closed it."""

from __future__ import annotations

from typing import Any

from tests.web.server import Running, Widget
from tests.web.widget.test_visitor import said
from yizhan.desk import nps
from yizhan.desk.nps import NPS_CAMPAIGN, RunState
from yizhan.desk.nps.service import step
from yizhan.web.nps import nps_link

BODY: dict[str, Any] = {
    "title": {"zh": "调查", "en": "Survey"}, "enabled": True, "starts": "2030-01-01", "share_percent": 100,
    "from_time": "00:00", "until_time": "23:59",
}  # fmt: skip


async def campaign(live: Running) -> None:
    """Everything of the visitor's is over; then a run begins."""
    services = live.services
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE ticket SET status = 'done'")
        now = await tx.fetchval("SELECT max(created_at) + interval '1 second' FROM conversation")
        document = NPS_CAMPAIGN.decode(BODY)
        run_id = await nps.begin(tx, "default", document, "test", "2026-03-02", by="test", now=now)
    assert run_id is not None
    state = None
    while state is not RunState.ASKING:
        async with services.db.transaction() as tx:
            await step(tx, run_id, services.office(), nps_link("http://desk.test", services.signer), now)
            state = (await nps.run(tx, run_id)).state


async def standing(live: Running) -> tuple[Any, ...]:
    row = await live.services.db.pool.fetchrow("SELECT state, asked_at IS NOT NULL, declined FROM nps_invitation")
    assert row is not None
    return tuple(row)


async def test_a_visitor_is_asked_where_he_sees_it_and_closes_it_for_good(live: Running, widget: Widget) -> None:
    assert (await widget.session())["nps"] is None
    async with widget.line() as line:
        await said(line)
    await campaign(live)
    question = (await widget.session())["nps"]
    assert "/nps/" in question["url"]
    assert await standing(live) == ("waiting", False, False)
    async with widget.line() as line:
        await line.say(t="invite", client_id="i0", id="nps:somebody-elses", answer="shown")
        await line.next("ack")
        await line.say(t="invite", client_id="i1", id=question["id"], answer="shown")
        await line.next("ack")
        assert await standing(live) == ("asked", True, False)
        await line.say(t="invite", client_id="i2", id=question["id"], answer="closed")
        await line.next("ack")
    assert (await widget.session())["nps"] is None
