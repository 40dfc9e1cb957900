"""Keys of an inbox's DKIM signature: made, shown for the zone, switched on."""

import httpx

from tests.web.house import House, sign_in
from yizhan.records import inboxes
from yizhan.web.services import Services


async def test_keys_are_made_and_only_their_public_halves_come_out(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    made = await browser.post("/api/v1/inboxes", json={
        "channel": "email", "name": "邮箱", "settings": {"address": "support@shop.test"}, "secrets": {"password": "x"},
    })  # fmt: skip
    path = f"/api/v1/inboxes/{made.json()['id']}"
    assert (await browser.get(f"{path}/dkim")).status_code == 404
    shown = (await browser.post(f"{path}/dkim")).json()
    assert (shown["domain"], shown["selector"], shown["enabled"]) == ("shop.test", "yz202603", False)
    assert shown["records"][0]["name"] == "yz202603._domainkey.shop.test"
    assert shown["records"][0]["value"].startswith("v=DKIM1; k=rsa; p=MII")
    assert "PRIVATE" not in str(shown)
    door = (await browser.get(path)).json()
    assert door["secrets_set"] == ["dkim_ed25519", "dkim_rsa", "password"]
    on = {**door["settings"], "dkim": {"selector": "yz202603", "enabled": True}}
    await browser.patch(path, json={"version": door["version"], "settings": on})
    assert (await browser.get(f"{path}/dkim")).json()["enabled"] is True

    other = (await browser.post(f"{path}/dkim", json={"selector": "next"})).json()
    assert (other["selector"], other["enabled"]) == ("next", False)
    assert other["records"][0]["value"] != shown["records"][0]["value"]
    assert (await browser.post(f"{path}/dkim", json={"selector": "no spaces"})).status_code == 422
    async with services.db.read() as tx:
        (kept,) = await inboxes.inboxes(tx, services.vault)
        assert "PRIVATE" in (await inboxes.secrets_of(tx, services.vault, kept.id))["dkim_rsa"]


async def test_other_channels_and_other_people(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    chat = await browser.post("/api/v1/inboxes", json={"channel": "webchat", "name": "网页"})
    path = f"/api/v1/inboxes/{chat.json()['id']}/dkim"
    assert (await browser.post(path)).status_code == 404
    await sign_in(browser, "lin")
    assert (await browser.get(path)).status_code == 403
