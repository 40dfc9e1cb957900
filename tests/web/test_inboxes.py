"""Inboxes: secrets go in and never come out; a connection is tried before it is trusted."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from tests.desk.intake.samples import says
from tests.web.house import House, sign_in
from yizhan.desk.intake import Intake
from yizhan.foundation.ids import new_id
from yizhan.records.inboxes import Check, save_cursor, secrets_of
from yizhan.web.services import Services

INBOXES = "/api/v1/inboxes"


class Mailbox:
    """A channel that accepts one password."""

    async def check(self, settings: dict[str, object], secrets: dict[str, str]) -> list[Check]:
        right = secrets.get("imap_password") == "right"
        return [Check("connect", True, str(settings["imap_host"])), Check("sign in", right, "" if right else "refused")]


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, checks={"email": Mailbox()})


MAIL = {
    "channel": "email",
    "name": "售后邮箱",
    "settings": {"imap_host": "imap.desk.test"},
    "secrets": {"imap_password": "right", "smtp_password": "also"},
}


async def test_secrets_are_kept_sealed_and_never_shown(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    made = await browser.post(INBOXES, json=MAIL)
    assert made.status_code == 201
    door = made.json()
    assert door["brand_id"] == str(house.brand), "the house has one brand only"
    assert door["secrets_set"] == ["imap_password", "smtp_password"]
    listed = await browser.get(INBOXES)
    assert "right" not in made.text + listed.text
    async with services.db.read() as tx:
        row = await tx.fetchrow("SELECT id, secret FROM inbox")
        assert row is not None
        assert b"right" not in row["secret"]
        assert await secrets_of(tx, services.vault, row["id"]) == MAIL["secrets"]
        events = await tx.fetch("SELECT kind, data::text AS data FROM event_new WHERE kind LIKE 'inbox.%'")
    assert [event["kind"] for event in events] == ["inbox.created"]
    assert "right" not in events[0]["data"]


async def test_a_change_of_one_secret_leaves_the_others(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    door = (await browser.post(INBOXES, json=MAIL)).json()
    path = f"{INBOXES}/{door['id']}"
    edit = {"version": 1, "secrets": {"imap_password": "new", "smtp_password": None}, "enabled": False}
    changed = (await browser.patch(path, json=edit)).json()
    assert (changed["secrets_set"], changed["enabled"], changed["version"]) == (["imap_password"], False, 2)
    assert changed["settings"] == MAIL["settings"]
    assert (await browser.patch(path, json=edit)).status_code == 409
    assert (await browser.get(path)).json() == changed


async def test_a_connection_is_tried_with_what_is_sent_and_what_is_kept(
    browser: httpx.AsyncClient, house: House
) -> None:
    await sign_in(browser, "admin")
    trial = {"channel": "email", "settings": {"imap_host": "h"}, "secrets": {"imap_password": "wrong"}}
    tried = await browser.post(f"{INBOXES}/test", json=trial)
    assert tried.status_code == 200
    assert [check["ok"] for check in tried.json()["checks"]] == [True, False]
    door = (await browser.post(INBOXES, json=MAIL)).json()
    kept = await browser.post(f"{INBOXES}/{door['id']}/test")
    assert [check["ok"] for check in kept.json()["checks"]] == [True, True]
    other = await browser.post(f"{INBOXES}/{door['id']}/test", json={"secrets": {"imap_password": "wrong"}})
    assert [check["ok"] for check in other.json()["checks"]] == [True, False]
    nothing = await browser.post(f"{INBOXES}/test", json={"channel": "webchat", "settings": {}})
    assert nothing.status_code == 422


async def test_the_widget_line_names_the_inbox(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    chat = (await browser.post(INBOXES, json={"channel": "webchat", "name": "官网"})).json()
    snippet = (await browser.get(f"{INBOXES}/{chat['id']}/widget")).json()["snippet"]
    assert snippet == (f'<script async src="http://localhost:8000/widget.js" data-inbox="{chat["key"]}"></script>')
    mail = (await browser.post(INBOXES, json=MAIL)).json()
    assert (await browser.get(f"{INBOXES}/{mail['id']}/widget")).status_code == 404


async def test_with_two_brands_one_must_be_named(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    await browser.post("/api/v1/brands", json={"key": "textile", "name": "山雀家纺"})
    refused = await browser.post(INBOXES, json=MAIL)
    assert (refused.status_code, refused.json()["field"]) == (422, "brand_id")
    taken = {**MAIL, "brand_id": str(house.brand), "key": "mail"}
    assert (await browser.post(INBOXES, json=taken)).status_code == 201
    assert (await browser.post(INBOXES, json=taken)).status_code == 409


async def test_the_health_of_an_inbox_is_its_traffic(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    made = (await browser.post("/api/v1/inboxes", json={
        "channel": "email", "name": "客服邮箱", "settings": {"address": "kefu@shanque.test"},
    })).json()  # fmt: skip
    (quiet,) = (await browser.get("/api/v1/inboxes/health")).json()["items"]
    assert quiet["inbox_id"] == made["id"]
    assert (quiet["received_at"], quiet["waiting"], quiet["last_error"]) == (None, 0, None)
    intake = Intake(services.db, services.vault, services.clock, new_id, lambda _: False, keep_nothing)
    await intake.load_inboxes()
    asked = await intake.accept(says(UUID(made["id"]), "zhang@customer.test", "在吗", services.clock.now()))
    await browser.post(
        f"/api/v1/conversations/{asked.conversation_id}/messages", json={"text": "在的", "client_id": "1"}
    )
    await services.db.pool.execute(
        "UPDATE outbound SET state = 'failed', error_class = 'auth', error = '535 no', finished_at = $1",
        services.clock.now(),
    )
    refused = {"ok": False, "error_class": "auth", "detail": "535", "at": ""}
    async with services.db.transaction() as tx:
        await save_cursor(tx, UUID(made["id"]), "mail.state", refused)
    (told,) = (await browser.get("/api/v1/inboxes/health")).json()["items"]
    assert told["receiving"] == {**refused, "steps": []}
    assert told["received_at"] is not None
    assert (told["failed"], told["error_class"], told["last_error"]) == (1, "auth", "535 no")


async def keep_nothing(raw: bytes) -> str:
    return "0" * 64


async def test_the_servers_of_a_known_provider_are_filled_in(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    known = (await browser.get(INBOXES + "/suggestion", params={"address": "kefu@qq.com"})).json()["settings"]
    assert known["incoming"]["host"] == "imap.qq.com"
    unknown = await browser.get(INBOXES + "/suggestion", params={"address": "kefu@shanque.test"})
    assert unknown.json() == {"settings": None}
    assert (await browser.get(INBOXES + "/suggestion", params={"address": "kefu"})).json() == {"settings": None}


async def test_a_chat_is_answered_through_a_mailbox_of_its_own_brand(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    mail = (await browser.post(INBOXES, json=MAIL)).json()["id"]
    chat = {"channel": "webchat", "name": "官网", "settings": {"answer_by_mail": mail}}
    made = await browser.post(INBOXES, json=chat)
    assert made.status_code == 201
    wrong = await browser.post(INBOXES, json={**chat, "settings": {"answer_by_mail": made.json()["id"]}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "settings.answer_by_mail")
