"""The audit page shows the journal within the reader's scope, and tells where it goes on."""

import httpx

from tests.web.house import House, sign_in
from yizhan.web.services import Services


async def placed(services: Services) -> None:
    """Gives the events of the set-up their positions, as the sequencer would."""
    async with services.db.transaction() as tx:
        await tx.fetchrow("SELECT * FROM journal_sequence(0, 1000)")


async def test_an_auditor_reads_backwards_and_filters(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    await placed(services)
    everything = (await browser.get("/api/v1/audit?limit=200")).json()
    assert everything["next"] is None
    kinds = [item["kind"] for item in everything["items"]]
    assert kinds[0] == "session.opened"
    assert everything["items"][0]["actor_name"] == "管理员"
    assert len(everything["items"][0]["hash"]) == 64
    first = (await browser.get("/api/v1/audit?limit=3")).json()
    second = (await browser.get(f"/api/v1/audit?limit=3&cursor={first['next']}")).json()
    assert [item["pos"] for item in first["items"] + second["items"]] == [
        item["pos"] for item in everything["items"][:6]
    ]
    teams = (await browser.get("/api/v1/audit?kind=team.")).json()["items"]
    assert {item["kind"] for item in teams} == {"team.created", "team.changed"}
    lin = house.people["lin"]
    of_lin = (await browser.get(f"/api/v1/audit?agent_id={lin}&kind=agent.created")).json()["items"]
    assert [item["subject"] for item in of_lin] == [str(lin)]
    later = (await browser.get("/api/v1/audit?since=2026-03-03T00:00:00Z")).json()["items"]
    assert later == []


async def test_a_narrow_scope_reads_its_own_teams_only(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE role SET permissions = permissions || '{audit.read}'::text[] WHERE key = 'lead'")
    await sign_in(browser, "su")
    await placed(services)
    items = (await browser.get("/api/v1/audit?limit=200")).json()["items"]
    assert items
    assert {item["subject"] for item in items} <= {str(house.care), str(house.people["su"])}


async def test_wrong_questions(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    zoneless = "since=2026-03-03T00:00:00"
    for query in ("cursor=abc", "cursor=9" + "9" * 30, "limit=0", "limit=1000", zoneless, "subject=x"):
        assert (await browser.get(f"/api/v1/audit?{query}")).status_code == 422, query


async def test_the_chain_is_proved_stretch_by_stretch(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    await placed(services)
    first = (await browser.get("/api/v1/audit/proof?count=2")).json()
    assert (first["upto"], first["broken"]) == (2, None)
    rest = (await browser.get(f"/api/v1/audit/proof?after={first['upto']}")).json()
    assert rest == {"upto": first["head"], "head": first["head"], "broken": None}
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE event SET actor = 'nobody' WHERE pos = 3")
    assert (await browser.get("/api/v1/audit/proof?after=2")).json()["broken"] == 3
    await sign_in(browser, "lin")
    assert (await browser.get("/api/v1/audit/proof")).status_code == 403
