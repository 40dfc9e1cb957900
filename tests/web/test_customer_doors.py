"""Every door to a customer, those that are still to come among them: shut without a permission, and to who cannot see
him he does not exist."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.web.desk import API, Desk, open_desk
from tests.web.house import House
from yizhan.records import contacts, remarks
from yizhan.records.contacts import Strength
from yizhan.web.services import Services

ABOUT = re.compile(
    rf"{API}/(contacts|customers|customer-tags|identities|links|remarks|resolution|segments|imports|connectors|counter"
    r"|shops|appointments|profiles|orders|conformance)\b"
)
OF_HIM = re.compile(r"\{(contact_id|identity_id|link_id|remark_id|other)\}")
BODIES: dict[str, Any] = {
    "patch /contacts/{contact_id}": {"version": 1, "name": "谁"},
    "post /contacts/{contact_id}/holds": {"reason": "诉讼"},
    "post /contacts/{contact_id}/links": {"other": None, "reason": "同一个人"},
    "post /contacts/{contact_id}/fields/{key}/reveal": {"reason": "核对"},
    "post /customers/{contact_id}/tags": {"add": ["敏感"]},
    "post /customers/{contact_id}/remarks": {"text": "谁"},
    "patch /remarks/{remark_id}": {"pinned": True},
    "post /identities/{identity_id}/reveal": {"reason": "核对"},
    "post /identities/{identity_id}/end": {"reason": "换号"},
    "post /identities/{identity_id}/kind": {"kind": "shared_phone"},
}


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def doors(desk: Desk) -> list[tuple[str, str]]:
    """(method, path) as the description of the API has them."""
    told = (await desk.browser.get("/api/openapi.json")).json()
    return [(method, path) for path, methods in told["paths"].items() if ABOUT.match(path) for method in methods]


async def test_without_a_permission_no_door_is_open(desk: Desk) -> None:
    found = await doors(desk)
    assert len(found) > 60
    await desk.sql("UPDATE role SET permissions = '{}' WHERE key = 'agent'")
    await desk.as_("lin")
    for method, path in found:
        filled = re.sub(r"\{[a-z_]+\}", str(desk.house.brand), path.replace("{place}", "0"))
        answer = await desk.browser.request(method, filled, json={} if method != "get" else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path)


async def test_who_cannot_see_him_finds_nobody(desk: Desk) -> None:
    """高远 may do everything with customers, and is of no team that knows these two."""
    ids = await _known(desk)
    await desk.sql(
        "UPDATE role SET permissions = (SELECT permissions FROM role WHERE key = 'admin') WHERE key = 'agent'"
    )
    before = await desk.sql("SELECT count(*) FROM event_new")
    await desk.as_("gao")
    tried = 0
    for method, path in await doors(desk):
        if not OF_HIM.search(path):
            continue
        filled = OF_HIM.sub(lambda place: ids[place[1]], path).replace("{key}", "address") + "?reason=nein"
        body = BODIES.get(f"{method} {path.removeprefix(API)}")
        if body and "other" in body:
            body = {**body, "other": ids["other"]}
        answer = await desk.browser.request(method, filled, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path, answer.text)
        tried += 1
    assert tried > 18
    said = await desk.sql("SELECT count(*) FROM event_new WHERE kind NOT LIKE 'session.%' AND kind NOT LIKE 'agent.%'")
    assert said <= before


async def _known(desk: Desk) -> dict[str, str]:
    services, now = desk.services, desk.services.clock.now()
    one, other = [await desk.served(visitor) for visitor in ("v1", "v2")]
    first, second = [
        await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", each.conversation_id)
        for each in (one, other)
    ]
    async with services.db.transaction() as tx:
        remark = await remarks.add_remark(tx, first, "先问发票", pinned=False, actor="system", now=now)
        link = await contacts.link_contacts(
            tx, first, second, strength=Strength.JUDGED, evidence={}, actor="system", now=now
        )  # fmt: skip
    identity = await desk.sql("SELECT id FROM identity WHERE contact_id = $1", first)
    found = {"contact_id": first, "other": second, "identity_id": identity, "link_id": link, "remark_id": remark.id}
    return {name: str(id) for name, id in found.items()}
