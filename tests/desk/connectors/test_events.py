"""What the journal is told of connectors: add-only, as recorded once and for all; and a secret is told nowhere."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.connectors.room import MOBILE, Room
from tests.desk.notices.office import open_raising
from tests.standins.crm import KEY
from yizhan.foundation.clock import FakeClock

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))


async def test_every_event_still_says_what_its_sample_says(room: Room, capfd: pytest.CaptureFixture[str]) -> None:
    room.crm.auth = "api_key"
    room.document = room.crm.document(auth={"kind": "api_key"})
    await room.secrets(key=KEY)
    him = await room.customer()
    for mood in ("html", "ok"):
        room.crm.mood = mood
        await room.look(him)
        room.clock.advance(timedelta(minutes=1))
    for sample in SAMPLES:
        [told] = await room.db.pool.fetch("SELECT v, data FROM event_new WHERE kind = $1", sample["kind"])
        assert told["v"] == sample["v"]
        assert {key: type(value) for key, value in told["data"].items()} == {
            key: type(value) for key, value in sample["data"].items()
        }, sample["kind"]
    said = "".join(capfd.readouterr()) + str(await room.db.pool.fetch("SELECT data FROM event_new"))
    said += str(await room.db.pool.fetch("SELECT * FROM connector_run"))
    assert KEY not in said
    assert MOBILE not in said


async def test_an_outage_is_one_line_at_the_bell_of_who_keeps_connectors(room: Room, clock: FakeClock) -> None:
    office = await open_raising(room.db, clock)
    admin, agent = await office.hire("管理员", "admin"), await office.hire("林一")
    him = await room.customer()
    room.crm.mood = "down"
    for _ in range(5):
        await room.look(him)
        clock.advance(timedelta(seconds=30))
    await office.settle()
    [told] = (await office.page(admin)).items
    assert (told.why, told.times, told.facts["cause"]) == ("connector.failed", 1, "unreachable")
    assert (await office.page(agent)).items == []
    room.crm.mood = "ok"
    await room.look(him)
    await office.settle()
    assert [each.why for each in (await office.page(admin)).items] == ["connector.recovered", "connector.failed"]
