"""重新发送: an agent sends a failed message again, and nobody else's."""

from uuid import UUID

import httpx

from tests.desk.intake.samples import says
from tests.web.house import House, sign_in
from yizhan.desk.intake import Intake
from yizhan.foundation.ids import new_id
from yizhan.records import inboxes
from yizhan.records.inboxes import Channel, NewInbox
from yizhan.web.services import Services


async def asked(services: Services, house: House) -> UUID:
    """The conversation of a customer's mail, in the queue of the team 售后."""
    now = services.clock.now()
    async with services.db.transaction() as tx:
        new = NewInbox(channel=Channel.EMAIL, name="邮箱", brand_id=house.brand, team_id=house.care)
        inbox = await inboxes.create_inbox(tx, services.vault, new, now, "system")

    async def keep(raw: bytes) -> str:
        return (await services.blobs.put(raw)).hash

    intake = Intake(services.db, services.vault, services.clock, new_id, lambda _: False, keep)
    await intake.load_inboxes()
    conversation = (await intake.accept(says(inbox, "zhang@customer.test", "在吗", now))).conversation_id
    assert conversation
    return conversation


async def test_a_failed_message_is_queued_again_and_only_a_failed_one(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    conversation = await asked(services, house)
    await sign_in(browser, "lin")
    sent = await browser.post(f"/api/v1/conversations/{conversation}/messages", json={"text": "在的", "client_id": "1"})
    assert sent.status_code == 201
    message = sent.json()["message"]["id"]
    path = f"/api/v1/messages/{message}/retry"
    assert (await browser.post(path)).status_code == 409
    await services.db.pool.execute("UPDATE outbound SET state = 'failed', attempt = 3, error_class = 'auth'")
    assert (await browser.post(path)).status_code == 204
    row = await services.db.pool.fetchrow("SELECT state, attempt, error_class FROM outbound")
    assert dict(row or {}) == {"state": "queued", "attempt": 0, "error_class": None}
    assert (await browser.post(f"/api/v1/messages/{conversation}/retry")).status_code == 404


async def test_another_agents_message_is_not_sent_again_by_a_stranger(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    conversation = await asked(services, house)
    await sign_in(browser, "lin")
    sent = await browser.post(f"/api/v1/conversations/{conversation}/messages", json={"text": "在的", "client_id": "1"})
    await services.db.pool.execute("UPDATE outbound SET state = 'failed'")
    await services.db.pool.execute("UPDATE conversation SET agent_id = $1, phase = 'served'", house.people["lin"])
    await sign_in(browser, "gao")
    path = f"/api/v1/messages/{sent.json()['message']['id']}/retry"
    assert (await browser.post(path)).status_code in (403, 404)
    assert await services.db.pool.fetchval("SELECT state FROM outbound") == "failed"
