"""Who means no good, or is merely broken, reaches nobody else and stops nobody else."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.web.house import House
from tests.web.server import SITE, Running, Widget, open_inbox
from yizhan.foundation.clock import FakeClock

BROKEN = ["{", "[]", "null", '{"t":"nothing"}', '{"t":"message"}', '{"t":"message","client_id":""}', "\x00"]


async def refused(url: str, origin: str) -> int:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(url, origin=origin):  # type: ignore[arg-type]
            pass
    return refusal.value.response.status_code


async def closed_with(url: str) -> int | None:
    async with connect(url, origin=SITE) as socket:  # type: ignore[arg-type]
        await socket.wait_closed()
        return socket.close_code


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_is_no_frame_closes_the_line(widget: Widget, broken: str) -> None:
    async with widget.line() as line:
        await line.next("welcome")
        await line.socket.send(broken)
        await line.socket.wait_closed()
        assert line.socket.close_code == 4400


async def test_a_frame_too_large_closes_the_line_and_no_other(live: Running, widget: Widget, shop: str) -> None:
    other = Widget(live, shop)
    async with widget.line() as line, other.line() as neighbour:
        await line.socket.send('{"t":"message","client_id":"c1","text":"' + "长" * 70_000 + '"}')
        await line.socket.wait_closed()
        assert line.socket.close_code == 1009
        await neighbour.say(t="message", client_id="c1", text="我还在")
        assert (await neighbour.next("ack"))["client_id"] == "c1"


async def test_a_message_too_long_is_refused_by_name(widget: Widget) -> None:
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="长" * 5_000)
        refusal = await line.next("error")
        assert (refusal["code"], refusal["client_id"]) == ("invalid", "c1")
        await line.say(t="message", client_id="c2", text=" \n ")
        assert (await line.next("error"))["client_id"] == "c2"


async def test_tokens_made_up_altered_expired_or_of_another_inbox(
    live: Running, widget: Widget, house: House, clock: FakeClock
) -> None:
    await widget.session()
    elsewhere = await open_inbox(live.services, house.brand)
    stolen = Widget(live, elsewhere)
    altered = widget.token[:-1] + ("a" if widget.token[-1] != "a" else "b")
    for key, token in ((widget.key, "made-up"), (widget.key, ""), (widget.key, altered), (stolen.key, widget.token)):
        assert await closed_with(f"{live.ws}/widget/{key}/ws?token={token}") == 4401
        headers = {"authorization": f"Bearer {token}"} if token else {}
        posted = await widget.http.post(f"{live.base}/widget/{key}/frames", json={"t": "ping"}, headers=headers)
        assert (posted.status_code, posted.json()["code"]) == (401, "not_signed_in")
    clock.advance(timedelta(days=31))
    assert await closed_with(f"{live.ws}/widget/{widget.key}/ws?token={widget.token}") == 4401
    before = widget.visitor
    assert (await widget.session())["visitor"] == before  # his own id brings him back


async def test_another_site_is_turned_away(live: Running, house: House) -> None:
    key = await open_inbox(live.services, house.brand, allowed_origins=["*.example.com"])
    good = Widget(live, key)
    await good.session()
    async with good.line() as line:
        await line.next("welcome")
    url = f"{live.ws}/widget/{key}/ws?token={good.token}"
    for origin in ("https://evil.test", "https://example.com.evil.test", "null"):
        assert await refused(url, origin) == 403
        answer = await good.http.get(f"{good.root}/config", headers={"origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
        assert answer.headers["access-control-allow-origin"] == "*"  # so that the page can read why
    async with connect(url, origin=live.base) as socket:  # type: ignore[arg-type]
        assert await socket.recv()  # our own pages always may


async def test_doors_that_do_not_exist(live: Running, widget: Widget) -> None:
    await live.services.db.pool.execute("UPDATE inbox SET enabled = false")
    for key in (widget.key, "nothing", "%00", "a" * 300):
        answer = await widget.http.get(f"{live.base}/widget/{key}/config")
        assert answer.status_code in (404, 422), key
    assert await refused(f"{live.ws}/widget/{widget.key}/ws", SITE) == 403


async def test_a_preflight_is_answered_without_asking_anybody(live: Running, shop: str) -> None:
    async with httpx.AsyncClient() as browser:
        wish = {"origin": SITE, "access-control-request-method": "POST",
                "access-control-request-headers": "authorization,content-type,x-file-name"}  # fmt: skip
        answer = await browser.options(f"{live.base}/widget/{shop}/files", headers=wish)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "authorization, content-type, x-file-name"


async def test_a_flood_is_told_to_wait_and_loses_nothing_that_was_acknowledged(live: Running, widget: Widget) -> None:
    async with widget.line() as line:
        for n in range(40):
            await line.say(t="message", client_id=f"c{n}", text=f"第 {n} 句")
        answers = [f for f in await line.quiet(1.5) if f["t"] in ("ack", "error")]
    assert len(answers) == 40
    refusals = [f for f in answers if f["t"] == "error"]
    assert {f["code"] for f in refusals} == {"rate_limited"}
    assert 15 <= len(answers) - len(refusals) <= 18
    stored = await live.services.db.pool.fetchval("SELECT count(*) FROM message")
    assert stored == len(answers) - len(refusals)


async def test_bodies_of_rubbish(widget: Widget) -> None:
    await widget.session()
    for path in ("session", "frames", "messages", "leave", f"trail?token={widget.token}"):
        for body in (b"", b"{", b"\xff\xfe", b'{"items": 7}'):
            answer = await widget.http.post(
                f"{widget.root}/{path}", content=body, headers=widget.bearer | {"content-type": "application/json"}
            )
            assert 400 <= answer.status_code < 500 or path == "session", (path, body, answer.status_code)
            assert answer.status_code < 500
