"""What the journal is told of service levels: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.desk.sla.office import HOUR, MINUTE, PLAIN, Office, open_office
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.records.tickets import Action

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    return await open_office(db, clock, plain=False)


async def test_every_event_still_says_what_its_sample_says(office: Office) -> None:
    await office.db.pool.execute("INSERT INTO team (id, key, name) VALUES ($1, 'l2', '二线')", new_id(office.now))
    await office.release({"plain": {**PLAIN, "escalation": [
        {"at": "breach", "do": "notify", "to": ["handler"]}, {"at": "breach", "do": "move", "team": "l2"},
        {"at": "breach", "do": "call"},
    ]}})  # fmt: skip
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "在吗")
    await office.floor.pass_time(24 * MINUTE)
    await office.floor.pass_time(6 * MINUTE)
    await office.answers(chat, lin)
    mail = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await office.answers(mail, lin)
    await office.moves(mail, lin, Action.SOLVE)
    await office.floor.pass_time(HOUR)
    await office.floor.says("wang@example.com", "还是不会", mail=True)
    await office.moves(mail, lin, Action.CANCEL)
    told = await office.db.pool.fetch("SELECT kind, v, data FROM event WHERE kind ~ '^(sla|notice)[.]'")
    for sample in SAMPLES:
        same = [row["data"] for row in told if (row["kind"], row["v"]) == (sample["kind"], sample["v"])]
        assert same, sample["kind"]
        assert all(sample["data"].keys() <= data.keys() for data in same), sample["kind"]
        assert all(type(data[key]) is type(sample["data"][key]) for data in same for key in sample["data"])
    assert {row["kind"] for row in told} == {sample["kind"] for sample in SAMPLES}


async def test_events_say_where_they_belong(office: Office) -> None:
    await office.floor.says("v1", "在吗")
    row = await office.db.pool.fetchrow("SELECT * FROM event WHERE kind = 'sla.started' LIMIT 1")
    assert row is not None
    target = await office.db.pool.fetchrow("SELECT * FROM sla_target WHERE id = $1", row["subject"])
    assert target is not None
    assert (row["ticket_id"], row["subject_version"]) == (target["ticket_id"], target["version"])
    assert row["brand_id"] == office.floor.shop.brand
    assert row["contact_id"] is not None
