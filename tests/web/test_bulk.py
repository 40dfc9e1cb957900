"""Many tickets changed at once: an outcome for each, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.app.bulk import hands_of
from yizhan.app.rules import house_rules
from yizhan.desk import bulk
from yizhan.foundation.jobs import Job
from yizhan.foundation.journal import Feed
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def three(desk: Desk) -> list[str]:
    return [str((await desk.served(who=f"v{n}", text="灯不亮")).ticket_id) for n in range(3)]


async def done(desk: Desk, begun: dict[str, Any]) -> dict[str, Any]:
    """As the worker does it."""
    hands = hands_of(house_rules(desk.services.db, Feed(desk.services.db)))
    await bulk.run(desk.services.db, desk.services.clock, hands, Job(1, bulk.BULK, {"job": begun["id"]}))
    told: dict[str, Any] = await desk.get(f"/bulk/{begun['id']}")
    return told


async def states(desk: Desk, ids: list[str], what: str) -> list[Any]:
    return [(await desk.get(f"/tickets/{each}"))["ticket"][what] for each in ids]


async def test_one_note_moves_all_and_what_cannot_move_is_named(desk: Desk) -> None:
    ids = await three(desk)
    await desk.post(f"/tickets/{ids[2]}/move", {"action": "cancel", "text": "重复提交"}, 200)
    begun = await desk.post("/bulk", {
        "ticket_ids": ids, "change": {"do": "move", "action": "solve"}, "text": "批量补发新件",
    })  # fmt: skip
    assert (begun["state"], begun["total"], begun["done"]) == ("running", 3, 0)
    assert await desk.sql("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'bulk'") == 1
    await desk.refused(409, "conflict", "POST", f"/bulk/{begun['id']}/undo")
    told = await done(desk, begun)
    assert (told["state"], told["done"], told["failed"]) == ("ended", 2, 1)
    assert [(each["ticket_id"], each["code"]) for each in told["failures"]] == [(ids[2], "illegal_transition")]
    assert await states(desk, ids, "status") == ["pending", "pending", "cancelled"]
    notes = (await desk.get(f"/tickets/{ids[0]}"))["notes"]
    assert (notes[-1]["text"], notes[-1]["author"]["name"]) == ("批量补发新件", "林一")
    back = await done(desk, await desk.post(f"/bulk/{begun['id']}/undo"))
    assert (back["done"], back["failed"]) == (2, 0)
    assert await states(desk, ids, "status") == ["open", "open", "cancelled"]
    await desk.refused(409, "conflict", "POST", f"/bulk/{begun['id']}/undo")
    await desk.refused(409, "conflict", "POST", f"/bulk/{back['id']}/undo")


async def test_tags_priority_and_type_are_taken_back_unless_somebody_touched_them(desk: Desk) -> None:
    ids = await three(desk)
    tagging = {"ticket_ids": ids, "change": {"do": "tag", "add": ["大促"]}, "text": "大促期间统一处理"}
    await desk.refused(403, "forbidden", "POST", "/bulk", tagging)  # nobody made that tag yet
    await desk.as_("su")
    await desk.post("/tags", {"tag": "大促"})
    await desk.as_("lin")
    changes: list[tuple[dict[str, Any], str, Any]] = [
        ({"do": "tag", "add": ["大促"]}, "tags", ["大促"]), ({"do": "priority", "priority": 4}, "priority", 4),
        ({"do": "type", "type": "aftersale.repair"}, "type", "aftersale.repair"),
    ]  # fmt: skip
    for change, what, after in changes:
        before = await states(desk, ids, what)
        begun = await desk.post("/bulk", {"ticket_ids": ids, "change": change, "text": "大促期间统一处理"})
        assert (await done(desk, begun))["done"] == 3
        assert await states(desk, ids, what) == [after] * 3
        if what == "priority":
            version = (await desk.get(f"/tickets/{ids[0]}"))["ticket"]["version"]
            await desk.call("PATCH", f"/tickets/{ids[0]}", {"version": version, "priority": 3, "text": "改回高"})
        back = await done(desk, await desk.post(f"/bulk/{begun['id']}/undo"))
        touched = what == "priority"
        assert (back["done"], back["failed"]) == ((2, 1) if touched else (3, 0))
        assert (await states(desk, ids, what))[1:] == before[1:]


async def test_all_are_given_to_somebody_and_back(desk: Desk) -> None:
    ids = await three(desk)
    lin = (await states(desk, ids, "agent_id"))[0]
    su = str(desk.house.people["su"])
    change = {"do": "assign", "agent_id": su}
    told = await done(desk, await desk.post("/bulk", {"ticket_ids": ids, "change": change, "text": "转苏瑾跟进"}))
    owners = await states(desk, ids, "agent_id")
    assert told["done"] == sum(each == su for each in owners)
    if told["done"]:
        back = await done(desk, await desk.post(f"/bulk/{told['id']}/undo"))
        assert back["done"] == told["done"]
        assert set(await states(desk, ids, "agent_id")) == {lin}


async def test_what_makes_no_sense_is_refused_before_it_begins(desk: Desk) -> None:
    ids = await three(desk)
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"do": "assign"}, 422, "invalid"), ({"do": "move"}, 422, "invalid"), ({"do": "tag"}, 422, "invalid"),
        ({"do": "undo"}, 422, "invalid"), ({"do": "type", "type": "rant"}, 422, "invalid"),
    ]  # fmt: skip
    for change, status, code in wrong:
        await desk.refused(status, code, "POST", "/bulk", {"ticket_ids": ids, "change": change, "text": "批量"})
    fine = {"do": "priority", "priority": 3}
    await desk.refused(422, "invalid", "POST", "/bulk", {"ticket_ids": ids, "change": fine, "text": " "})
    await desk.refused(404, "not_found", "POST", "/bulk", {"ticket_ids": [str(NOWHERE)], "change": fine, "text": "批"})
    begun = await desk.post("/bulk", {"ticket_ids": ids, "change": fine, "text": "批量"})
    assert [each["id"] for each in (await desk.get("/bulk"))["items"]] == [begun["id"]]
    await desk.as_("su")
    await desk.refused(404, "not_found", "GET", f"/bulk/{UUID(begun['id'])}")
