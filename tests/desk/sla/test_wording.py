"""Why this policy and why this time, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.sla.office import MINUTE, OFFICE, PLAIN, Office, open_office
from yizhan.desk import sla
from yizhan.desk.intake import Accepted
from yizhan.desk.sla import Explained, Versions
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.tickets import Action


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    return await open_office(db, clock, plain=False)


async def explained(office: Office, done: Accepted) -> list[Explained]:
    targets = await office.targets(done)
    async with office.db.read() as tx:
        return await sla.explain(tx, targets, Versions(), now=office.now)


async def test_a_resolution_over_noon_with_a_pause(office: Office) -> None:
    policy: dict[str, Any] = {
        **PLAIN, "name": {"zh": "售后", "en": "After-sales"},
        "when": {"field": "type", "op": "eq", "value": "aftersale"},
        "targets": {"any": {"resolution": {"minutes": 150}}},
    }  # fmt: skip
    await office.release({"aftersales": policy}, {**OFFICE, "name": {"zh": "工作日", "en": "Working days"}})
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wang@example.com", "坏了,不工作", mail=True)
    await office.floor.pass_time(30 * MINUTE)
    await office.moves(done, lin, Action.SOLVE)
    (waiting,) = await explained(office, done)
    assert waiting.left_s == 120 * 60
    assert waiting.when.zh.endswith("3月2日 10:00 起等待客户")
    await office.floor.pass_time(90 * MINUTE)
    await office.moves(done, lin, Action.RETURN_TO_QUEUE)
    await office.floor.pass_time(10 * MINUTE)
    (told,) = await explained(office, done)
    assert told.why.zh == "时效策略「售后」(第 1 版):条件 工单类型 是 aftersale;优先级 中"
    assert told.why.en == "Policy After-sales (version 1): when ticket type is aftersale; priority medium"
    assert told.when.zh == (
        "解决 2 小时 30 分钟,按日历「工作日」的工作时间,3月2日 09:30 起算,"
        "等待客户挂起 1 次共 1 小时 30 分钟,3月2日 15:00 到期"
    )
    assert told.when.en == (
        "Resolution within 2 h 30 min of the working time of Working days, counted from 2 March 09:30, paused once for "
        "1 h 30 min in all, waiting for the customer, due 2 March 15:00"
    )
    assert [(end - begin) / MINUTE for begin, end in told.counted] == [30, 30, 90]
    assert told.left_s == 110 * 60


async def test_around_the_clock(office: Office) -> None:
    targets = {"any": {"first_response": {"minutes": 45, "clock": "calendar"}}}
    await office.release({"plain": {**PLAIN, "calendar": None, "targets": targets}})
    done = await office.floor.says("v1", "在吗")
    (told,) = await explained(office, done)
    assert told.when.zh == "首次响应 45 分钟,全天计时,3月2日 09:30 起算,3月2日 10:15 到期"
    assert told.why.en == "Policy Standard (version 1): when always; priority medium"
    assert (told.calendar, told.tz, len(told.counted)) == (None, None, 1)


async def test_the_built_in_standard(office: Office) -> None:
    done = await office.floor.says("v1", "在吗")
    told = await explained(office, done)
    assert told[1].why.zh.startswith("时效策略「标准时效」(内置):条件 始终")
    assert told[1].when.en.startswith("First response within 1 h of the working time of Service hours")
    await office.floor.pass_time(timedelta(days=2))
    assert (await explained(office, done))[1].left_s == 0
