"""A channel that is an adapter, over HTTP: set up, called, answered within its limits, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.channels.paper import TAKEN_BACK
from tests.web.built import app_of
from tests.web.channels import with_channels
from tests.web.desk import API, Desk, open_desk
from tests.web.house import House, sign_in
from yizhan import channels
from yizhan.desk import serving
from yizhan.web.services import Services

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(channels, "OURS", {**channels.OURS, "paper": "tests.channels.paper:ADAPTER"})
    channels.adapter.cache_clear()
    yield
    channels.adapter.cache_clear()
    TAKEN_BACK.clear()


class Shop:
    def __init__(self, desk: Desk, inbox: dict[str, Any]) -> None:
        self.desk = desk
        self.inbox = inbox
        self.hook = f"/hooks/paper/{inbox['key']}"

    async def hears(self, id: str, text: str = "在吗", *, word: str = "芝麻", status: int = 200) -> httpx.Response:
        answer = await self.desk.browser.post(
            self.hook, json={"id": id, "from": "小王", "text": text}, headers={"x-word": word.encode().hex()}
        )
        assert answer.status_code == status, answer.text
        return answer

    async def conversation(self) -> UUID:
        found: UUID = await self.desk.sql("SELECT id FROM conversation WHERE channel = 'paper'")
        return found

    async def says(self, text: str = "", *files: dict[str, str], status: int = 201, n: str = "c") -> Any:
        body = {"client_id": n, "text": text, "attachments": list(files)}
        return await self.desk.post(f"/conversations/{await self.conversation()}/messages", body, status)


@pytest.fixture
async def shop(paper: None, services: Services, house: House, browser: httpx.AsyncClient) -> Shop:
    desk = await open_desk(services, house, browser)
    joined = with_channels(replace(services, intake=desk.intake))
    browser._transport = httpx.ASGITransport(app_of(joined))
    await sign_in(browser, "admin")
    sent = {"channel": "paper", "name": "纸条", "team_id": str(house.care), "secrets": {"word": "芝麻".encode().hex()}}
    inbox = await desk.post("/inboxes", sent)
    await desk.intake.load_inboxes()
    await sign_in(browser, "lin")
    return Shop(desk, inbox)


async def test_it_is_offered_with_what_must_be_filled_in(shop: Shop) -> None:
    await shop.desk.as_("admin")
    rows = {each["name"]: each for each in (await shop.desk.get("/channels"))["items"]}
    assert rows["paper"]["callback"] == f"{shop.desk.services.settings.public_url}/hooks/paper/{{key}}"
    assert [(each["key"], each["secret"]) for each in rows["paper"]["form"]] == [("word", True)]
    nobody = {"channel": "pigeon", "name": "n"}
    refused = await shop.desk.browser.post(f"{API}/inboxes", json=nobody)
    assert (refused.status_code, refused.json()["field"]) == (422, "channel")


async def test_only_who_signs_is_heard_and_he_is_answered_as_he_wants(shop: Shop) -> None:
    assert (await shop.hears("m1")).content == b"success"
    await shop.hears("m1")
    await shop.hears("m2", word="石榴", status=403)
    assert await shop.desk.sql("SELECT count(*) FROM message") == 1
    echo = await shop.desk.browser.get(f"{shop.hook}?echo=abc", headers={"x-word": "芝麻".encode().hex()})
    assert echo.content == b"abc"
    lost = await shop.desk.browser.post(f"/hooks/line/{shop.inbox['key']}", json={})
    assert lost.status_code == 404


async def test_what_may_be_sent_is_known_before_and_kept_after(shop: Shop) -> None:
    await shop.hears("m1")
    work = await shop.desk.get(f"/conversations/{await shop.conversation()}")
    (reachable,) = work["conversations"]
    can = reachable["capability"]
    assert (can["most_chars"], can["together"], list(can["file_kinds"])) == (10, False, ["image"])
    assert (can["quota"]["left"], can["quota"]["reserved"]) == (3, 1)
    refused = await shop.says("一二三四五六七八九十一", status=422)
    assert refused["code"] == "text_too_long"
    file = (await shop.desk.browser.post(f"{API}/files", content=PNG, headers={"x-file-name": "a.png"})).json()
    picture = {"hash": file["hash"], "name": "a.png"}
    refused = await shop.says("看图", picture, picture, picture, status=409)
    assert refused["code"] == "quota_exhausted"
    assert await shop.desk.sql("SELECT count(*) FROM message WHERE direction = 'out'") == 0
    await shop.says("看图", picture)
    kinds = await shop.desk.services.db.pool.fetch(
        "SELECT text, jsonb_array_length(coalesce(attachments, '[]')) AS files FROM message WHERE direction = 'out'"
        " ORDER BY id"
    )
    assert [tuple(row) for row in kinds] == [("看图", 0), ("", 1)]
    await shop.says("看图", picture)  # the same again is the same
    assert await shop.desk.sql("SELECT count(*) FROM message WHERE direction = 'out'") == 2


async def test_our_word_is_taken_back_at_the_vendors_first(shop: Shop) -> None:
    await shop.hears("m1")
    sent = (await shop.says("错了"))["message"]["id"]
    await shop.desk.sql("UPDATE outbound SET state = 'sent', vendor_id = 'v9' WHERE message_id = $1", UUID(sent))
    await shop.desk.post(f"/messages/{sent}/recall", status=204)
    assert TAKEN_BACK == ["v9"]
    late = (await shop.says("又错", n="d"))["message"]["id"]
    await shop.desk.sql("UPDATE outbound SET state = 'sent', vendor_id = 'v10' WHERE message_id = $1", UUID(late))
    shop.desk.services.clock.advance(timedelta(minutes=3))  # type: ignore[attr-defined]
    await shop.desk.refused(409, "conflict", "POST", f"/messages/{late}/recall")
    assert TAKEN_BACK == ["v9"]


async def test_what_a_customer_took_back_is_shown_to_who_says_why(shop: Shop) -> None:
    await shop.hears("m1", "卡号 6222")
    message = await shop.desk.sql("SELECT id FROM message")
    async with shop.desk.services.db.transaction() as tx:
        await serving.recalled_by_customer(tx, message, now=shop.desk.services.clock.now())
    work = await shop.desk.get(f"/conversations/{await shop.conversation()}")
    assert "6222" not in str(work)
    await shop.desk.refused(403, "forbidden", "POST", f"/messages/{message}/reveal", {"reason": "核对"})
    await shop.desk.as_("admin")
    shown = await shop.desk.post(f"/messages/{message}/reveal", {"reason": "核对退款"}, 200)
    assert shown["text"] == "卡号 6222"
    assert await shop.desk.sql("SELECT data->>'reason' FROM event_new WHERE kind = 'message.revealed'") == "核对退款"


async def test_a_proved_number_may_be_written_to_first(shop: Shop) -> None:
    done = await shop.desk.served()
    contact = await shop.desk.sql("SELECT contact_id FROM ticket WHERE id = $1", done.ticket_id)
    path = f"/tickets/{done.ticket_id}/reaches"
    assert (await shop.desk.get(path))["items"] == []
    await shop.desk.sql(
        "INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, verified_at, valid_from)"
        " VALUES ($1, $2, 'phone', 'primary', '', '\\x01', '138****5678', $3, $3)",
        UUID(int=5), contact, shop.desk.services.clock.now(),
    )  # fmt: skip
    (reach,) = (await shop.desk.get(path))["items"]
    assert (reach["masked"], reach["channel"]) == ("138****5678", "paper")
    sent = {"identity_id": reach["identity_id"], "inbox_id": reach["inbox_id"]}
    first, again = [(await shop.desk.post(path, sent))["conversation_id"] for _ in range(2)]
    assert first == again
    row = await shop.desk.services.db.pool.fetchrow(
        "SELECT ticket_id, channel, live, phase FROM conversation WHERE id = $1", UUID(first)
    )
    assert row is not None
    assert tuple(row) == (done.ticket_id, "paper", False, "served")
    sent["identity_id"] = str(UUID(int=6))
    await shop.desk.refused(409, "conflict", "POST", path, sent)


async def test_an_approved_text_goes_where_nothing_else_may_and_takes_nothing_from_it(shop: Shop) -> None:
    await shop.hears("n1")
    at = f"/conversations/{await shop.conversation()}"
    [can] = [each["capability"] for each in (await shop.desk.get(at))["conversations"]]
    assert can["templates"] == [
        {"key": "moved", "text": "您的{item}改到{day}", "blanks": ["item", "day"], "marketing": False}
    ]
    assert (can["free"], can["parts"]) == (True, {"one": 70, "each": 67, "around": 4, "framed": 0})
    for wrong in ({"key": "gone"}, {"key": "moved", "blanks": {"item": " ", "day": "周五"}}):
        await shop.desk.post(f"{at}/messages", {"client_id": "t0", "template": wrong}, 422)
    whole = {"key": "moved", "blanks": {"item": "电饭煲", "day": "周五"}}
    sent = await shop.desk.post(f"{at}/messages", {"client_id": "t1", "template": whole}, 201)
    assert (sent["message"]["text"], sent["message"]["kind"]) == ("您的电饭煲改到周五", "template")
    stored = await shop.desk.sql("SELECT payload FROM message WHERE kind = 'template'")
    assert stored == {"template": "moved", "blanks": {"item": "电饭煲", "day": "周五"}}
    for n in "abd":
        await shop.says("在", n=n)
    await shop.says("在", n="c", status=409)
    await shop.desk.post(f"{at}/messages", {"client_id": "t2", "template": whole}, 201)


async def test_an_approved_text_waits_for_a_yes_like_any_reply_and_goes_as_what_it_is(shop: Shop) -> None:
    await shop.hears("n1")
    at = f"/conversations/{await shop.conversation()}/messages"
    blanks = {"item": "电饭煲保证赔您", "day": "周五"}
    asked = {"client_id": "t1", "template": {"key": "moved", "blanks": blanks}}
    held = (await shop.desk.post(at, asked, 201))["held"]
    assert (held["state"], held["text"]) == ("waiting", "您的电饭煲保证赔您改到周五")
    assert await shop.desk.sql("SELECT count(*) FROM outbound") == 0
    await shop.desk.as_("su")
    assert (await shop.desk.post(f"/words/held/{held['id']}/approve", status=200))["state"] == "sent"
    row = await shop.desk.services.db.pool.fetchrow("SELECT kind, payload FROM message WHERE direction = 'out'")
    assert row is not None
    assert (row["kind"], row["payload"]["template"], row["payload"]["blanks"]) == ("template", "moved", blanks)
