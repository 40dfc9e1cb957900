"""The review queue over HTTP: what is seen, decided, previewed and run, and who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.app.rules import KINDS
from yizhan.desk import resolution
from yizhan.desk.resolution import SHIPPED, ResolutionBook
from yizhan.desk.sources import OrderIn, put_orders
from yizhan.desk.views import places
from yizhan.foundation.jobs import Job
from yizhan.records import contacts
from yizhan.records.config import Configuration
from yizhan.records.contacts import Identifier
from yizhan.web.services import Services


@pytest.fixture
def book() -> ResolutionBook:
    return ResolutionBook()


@pytest.fixture
def services(services: Services, book: ResolutionBook) -> Services:
    return replace(services, configuration=Configuration(KINDS, places), resolution=lambda: book.rules)


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    desk = await open_desk(services, house, browser)
    await desk.as_("admin")
    return desk


async def two(desk: Desk) -> list[UUID]:
    """The same tablet, and two spellings of a name."""
    services, now = desk.services, desk.services.clock.now()
    orders = [
        OrderIn(number=f"SO{n}", identifiers=(Identifier("external", f"shop:{n}"), Identifier("device", "ipad-7")),
                status="paid", total_fen=100, placed_at=now - timedelta(days=1))
        for n in range(2)
    ]  # fmt: skip
    async with services.db.transaction() as tx:
        told = await put_orders(tx, services.vault, orders, source="shop", now=now, by="system")
        ids = [each.contact_id for each in told if each.contact_id is not None]
        for id, name in zip(ids, ("王晓燕", "晓燕"), strict=True):
            await contacts.rename(tx, id, name, actor="system", now=now)
    await resolution.examine(services.db, services.vault, SHIPPED, ids, now)
    return ids


async def waiting(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.get("/resolution/queue"))["items"]
    return found


async def test_a_pair_is_shown_with_what_it_weighs_decided_and_taken_apart_again(desk: Desk) -> None:
    ids = await two(desk)
    (pair,) = await waiting(desk)
    assert {(f["field"], f["level"]) for f in pair["findings"]} == {("device", "same"), ("name", "similar")}
    assert pair["bits"] == pytest.approx(pair["start"] + sum(f["weight"] for f in pair["findings"]), abs=0.05)
    assert {side["contacts"][0]["name"] for side in pair["sides"]} == {"王晓燕", "晓燕"}
    seen = await desk.get(f"/contacts/{ids[0]}/merge/{ids[1]}")
    assert (seen["one_person"], seen["refused"], seen["candidate_id"]) == (False, False, pair["id"])
    done = await desk.post(f"/resolution/candidates/{pair['id']}", {"same": True}, 200)
    assert await waiting(desk) == []
    split = await desk.get(f"/links/{done['link_id']}/split")
    assert [len(split["before"]["contacts"]), len(split["after"])] == [2, 2]
    await desk.refused(409, "conflict", "POST", f"/resolution/candidates/{pair['id']}", {"same": False})


async def test_a_dry_run_changes_nothing_and_lists_pairs(desk: Desk) -> None:
    await two(desk)
    begun = await desk.post("/resolution/runs", {"dry": True})
    await desk.refused(409, "conflict", "POST", "/resolution/runs", {"dry": False})
    services = desk.services
    job = Job(1, resolution.RESOLVE, {"run": begun["id"]})
    await resolution.run(services.db, services.clock, services.vault, lambda: SHIPPED, job)
    told = await desk.get(f"/resolution/runs/{begun['id']}")
    assert (told["run"]["state"], told["run"]["candidates"], len(told["pairs"])) == ("ended", 1, 1)
    await desk.refused(409, "conflict", "POST", f"/resolution/runs/{begun['id']}/cancel")
    learnt = (await desk.get("/resolution/weights"))["estimate"]
    assert (learnt["pairs"], learnt["needed"], learnt["ready"]) == (1, 300, False)


async def test_weights_are_shown_and_nothing_is_proposed_without_decisions(desk: Desk) -> None:
    told = await desk.get("/resolution/weights")
    assert {each["field"] for each in told["fields"]} == {each.field for each in SHIPPED.fields}
    assert (told["proposal"]["ready"], told["proposal"]["needed"]) == (False, 20)
    await desk.refused(409, "conflict", "POST", "/resolution/weights/accept", {"source": "pairs"})


async def ran(desk: Desk, book: ResolutionBook, *, dry: bool) -> dict[str, Any]:
    services = desk.services
    begun = await desk.post("/resolution/runs", {"dry": dry})
    job = Job(1, resolution.RESOLVE, {"run": begun["id"]})
    await resolution.run(services.db, services.clock, services.vault, lambda: book.rules, job)
    told: dict[str, Any] = (await desk.get(f"/resolution/runs/{begun['id']}"))["run"]
    return told


def weight(told: dict[str, Any], field: str, level: str) -> float:
    (levels,) = [each["levels"] for each in told["fields"] if each["field"] == field]
    found: float = next(each["weight"] for each in levels if each["level"] == level)
    return found


async def test_weights_learnt_of_a_run_are_accepted_and_the_next_run_uses_them(
    desk: Desk, book: ResolutionBook
) -> None:
    """A showroom's tablet: eight hundred of a thousand pairs share it and nothing else."""
    await two(desk)
    first = await ran(desk, book, dry=True)
    (asked,) = await waiting(desk)
    assert first["candidates"] == 1
    before = await desk.get("/resolution/weights")
    agrees = {"name": "same", "device": "same", "address": "same"}
    shares = {"name": "different", "device": "same", "address": "different"}
    for levels, pairs in ((agrees, 200), (shares, 800)):
        await desk.sql("INSERT INTO resolution_pattern (run_id, levels, pairs) VALUES ($1, $2, $3)",
                       UUID(first["id"]), levels, pairs)  # fmt: skip
    proposed = (await desk.get("/resolution/weights"))["estimate"]
    assert proposed["ready"]
    accepted = await desk.post("/resolution/weights/accept", {"source": "pairs"}, 200)
    async with desk.services.db.read() as tx:
        published = await desk.services.configuration.published(tx)
    assert published.number == accepted["release"]
    book.take(published)
    after = await desk.get("/resolution/weights")
    assert weight(after, "device", "same") < 1 < weight(before, "device", "same")
    second = await ran(desk, book, dry=False)
    (again,) = await waiting(desk)
    assert (second["links"], again["id"]) == (0, asked["id"])
    weighed = {each["field"]: each["weight"] for each in again["findings"]}
    assert weighed["device"] == pytest.approx(weight(after, "device", "same"), abs=0.01), "the new one, not the shipped"
    assert again["bits"] != asked["bits"]


async def test_runs_are_for_supervisors(desk: Desk) -> None:
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "POST", "/resolution/runs", {"dry": True})
    await desk.refused(403, "forbidden", "POST", "/resolution/weights/accept", {"source": "pairs"})


async def test_pairs_and_merges_are_for_who_may_merge_and_sees_one_of_both(desk: Desk) -> None:
    ids = await two(desk)
    (pair,) = await waiting(desk)
    begun = await desk.post("/resolution/runs", {"dry": True})
    job = Job(1, resolution.RESOLVE, {"run": begun["id"]})
    await resolution.run(desk.services.db, desk.services.clock, desk.services.vault, lambda: SHIPPED, job)
    link = f"/contacts/{ids[0]}/links"
    body = {"other": str(ids[1]), "reason": "同一个人"}
    await desk.sql("UPDATE role SET scope = 'own', permissions = permissions || '{supervise}' WHERE key = 'agent'")
    await desk.as_("lin")
    told = await desk.get("/resolution/queue")
    assert (told["items"], told["waiting"], told["after"]) == ([], 0, None)
    assert (await desk.get(f"/resolution/runs/{begun['id']}"))["pairs"] == []
    await desk.refused(404, "not_found", "GET", f"/contacts/{ids[0]}/merge/{ids[1]}")
    await desk.refused(404, "not_found", "POST", f"/resolution/candidates/{pair['id']}", {"same": True})
    await desk.sql("UPDATE role SET scope = 'all', permissions = array_remove(permissions, 'customer.merge')")
    await desk.as_("admin")
    await desk.refused(403, "forbidden", "POST", link, body)
    await desk.sql("UPDATE role SET permissions = permissions || '{customer.merge}'::text[] WHERE key = 'admin'")
    made = (await desk.post(link, body))["id"]
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "DELETE", f"/links/{made}?reason=nein")
    await desk.as_("admin")
    assert (await desk.browser.delete(f"/api/v1/links/{made}?reason=nein")).status_code == 204
