"""An agent sees why a reply was refused, and says that the address is right after all."""

import httpx

from tests.web.house import House, sign_in
from tests.web.test_retry import asked
from yizhan.desk import outbound
from yizhan.records import outbox
from yizhan.web.services import Services


async def test_why_a_reply_was_refused_and_what_may_be_done(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    conversation = await asked(services, house)
    await sign_in(browser, "lin")
    path = f"/api/v1/conversations/{conversation}/suppressions"
    assert (await browser.get(path)).json()["items"] == []
    assert (await browser.delete(path)).status_code == 404
    sent = await browser.post(f"/api/v1/conversations/{conversation}/messages", json={"text": "在的", "client_id": "1"})
    message = sent.json()["message"]
    assert (message["failure"], message["sender"]) == (None, None)
    async with services.db.transaction() as tx:
        written = await outbox.written(tx, message["id"])
        await outbound.suppress(tx, written, reason="bounced", words="550 5.1.1", now=services.clock.now())
    refused = "UPDATE message SET delivery = 'failed', delivery_error = $1 WHERE direction = 'out'"
    await services.db.pool.execute(refused, "suppressed: bounced: 550 5.1.1")
    (found,) = (await browser.get(path)).json()["items"]
    assert (found["reason"], found["scope"], found["message_id"]) == ("bounced", "all", message["id"])
    assert "zhang@customer.test" not in str(found)
    work = (await browser.get(f"/api/v1/conversations/{conversation}")).json()
    failure = next(m["failure"] for m in work["messages"] if m["id"] == message["id"])
    assert failure == {
        "code": "suppressed", "steps": ["allow_address", "edit_address", "other_channel"],
        "words": "bounced: 550 5.1.1",
    }  # fmt: skip
    assert (await browser.delete(path)).status_code == 204
    assert (await browser.get(path)).json()["items"] == []


async def test_the_list_is_for_who_keeps_the_inboxes(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    conversation = await asked(services, house)
    await sign_in(browser, "lin")
    sent = await browser.post(f"/api/v1/conversations/{conversation}/messages", json={"text": "在的", "client_id": "1"})
    async with services.db.transaction() as tx:
        written = await outbox.written(tx, sent.json()["message"]["id"])
        await outbound.suppress(tx, written, reason="complained", words="abuse", now=services.clock.now())
    assert (await browser.get("/api/v1/suppressions")).status_code == 403
    await sign_in(browser, "admin")
    (found,) = (await browser.get("/api/v1/suppressions")).json()["items"]
    assert found["reason"] == "complained"
    assert (await browser.delete(f"/api/v1/suppressions/{found['id']}")).status_code == 204
    assert (await browser.delete(f"/api/v1/suppressions/{found['id']}")).status_code == 404
