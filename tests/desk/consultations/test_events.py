"""What the journal is told of consultations: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.desk.sla.office import open_office
from yizhan.desk import consultations
from yizhan.desk.consultations import Ask
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.records import agents
from yizhan.records.agents import Viewer

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))


async def test_every_event_still_says_what_its_sample_says(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    lin, gao, su = [await office.floor.hire(name) for name in ("林一", "高远", "苏瑾")]
    chat = await office.floor.says("v1", "灯座冒烟了")
    await office.answers(chat, lin)
    team = await db.pool.fetchval("SELECT id FROM team LIMIT 1")
    assert chat.ticket_id is not None
    now = office.now
    async with db.transaction() as tx:
        made = await consultations.ask(tx, chat.ticket_id, Ask(question="批次问题?", agents=[gao]), by=lin, now=now)

    async def does(who: UUID, verb: Callable[[Tx, Viewer], Awaitable[object]]) -> None:
        async with db.transaction() as tx:
            viewer = await agents.viewer(tx, who)
            assert viewer is not None
            await verb(tx, viewer)

    await does(lin, lambda tx, v: consultations.invite(tx, made.id, [su], [team], by=v, now=now))
    await does(su, lambda tx, v: consultations.decline_or_leave(tx, made.id, by=v, now=now))
    await does(gao, lambda tx, v: consultations.join(tx, made.id, by=v, uninvited=False, now=now))
    await does(gao, lambda tx, v: consultations.say(tx, made.id, "2 月那批", [lin], client_id="k", by=v, now=now))
    await does(gao, lambda tx, v: consultations.decline_or_leave(tx, made.id, by=v, now=now))
    await does(lin, lambda tx, v: consultations.close(tx, made.id, "全部换新", by=v, now=now))
    await office.floor.settle()
    for sample in SAMPLES:
        told = [e["data"] for e in await office.events(sample["kind"])]
        same = [data for data in told if sample["kind"] != "notice.raised" or data["why"] == sample["data"]["why"]]
        assert same, sample["kind"]
        assert all(sample["data"].keys() == data.keys() for data in same), sample["kind"]
        assert all(type(data[key]) is type(sample["data"][key]) for data in same for key in data), sample["kind"]
