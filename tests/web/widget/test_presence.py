"""A visitor comes, leaves for a moment, leaves for good; what is recorded of it and what never is."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.web.house import House
from tests.web.server import Running, Widget, open_inbox, running
from yizhan.desk.clocks import LINE_GRACE, LifeSigns
from yizhan.foundation.bus import LocalBus
from yizhan.foundation.clock import FakeClock
from yizhan.web.buckets import Buckets
from yizhan.web.services import Services
from yizhan.web.widget import presence
from yizhan.web.widget_memory import MESSAGES, Kept


@pytest.fixture
async def live(services: Services, house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """The moment that tells a reload from a leaving is short here; signs of life are kept."""
    monkeypatch.setattr(presence, "GRACE_SECONDS", 0.2)
    whole = dataclasses.replace(services, signs=LifeSigns(LocalBus(), services.clock))
    async with running(whole) as started:
        yield started


async def leaving(live: Running) -> list[Any]:
    return list(await live.services.db.pool.fetch("SELECT subject, due FROM timer WHERE kind = 'clocks.left'"))


async def until(look: Any, wanted: Any) -> None:
    async with asyncio.timeout(5):
        while await look() != wanted:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.02)


async def visits(live: Running) -> int:
    return int(await live.services.db.pool.fetchval("SELECT count(*) FROM visit"))


def page(clock: FakeClock, url: str = "https://shop.example.com/p/9") -> dict[str, Any]:
    return {"kind": "page", "url": url, "title": "净水器", "at": clock.now().isoformat()}


async def test_who_closes_his_last_page_while_he_queues_starts_the_clock(
    live: Running, widget: Widget, clock: FakeClock
) -> None:
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="在吗")
        queued = (await line.next("state"))["conversation"]
        async with widget.line() as other_tab:
            await other_tab.next("welcome")
        await asyncio.sleep(0.4)
        assert await leaving(live) == []
        left = clock.now()

    async def count() -> int:
        return len(await leaving(live))

    await until(count, 1)
    [row] = await leaving(live)
    assert (row["subject"], row["due"]) == (UUID(queued["id"]), left + timedelta(minutes=3))
    async with widget.line() as line:
        await line.next("welcome")
        assert await leaving(live) == []


async def test_going_to_the_next_page_is_no_leaving(live: Running, widget: Widget) -> None:
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="在吗")
        await line.next("state")
    async with widget.line() as line:
        await line.next("welcome")
        await asyncio.sleep(0.4)
        assert await leaving(live) == []


async def test_who_types_is_not_silent(live: Running, widget: Widget, clock: FakeClock) -> None:
    signs = live.services.signs
    assert signs is not None
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="在吗")
        conversation = UUID((await line.next("state"))["conversation"]["id"])
        clock.advance(timedelta(minutes=2))
        assert not signs.may_be_busy(conversation, clock.now())
        await line.say(t="typing")
        await line.say(t="profile", client_id="p1", name="王")
        await line.next("ack", client_id="p1")
        assert signs.may_be_busy(conversation, clock.now())
        assert signs.seen_since(conversation, clock.now() - timedelta(seconds=1))
        clock.advance(timedelta(minutes=2))
        named = widget.bearer | {"x-file-name": "a.txt"}
        await widget.http.post(f"{widget.root}/files", content=b"hello", headers=named)
        assert signs.may_be_busy(conversation, clock.now())


async def test_a_dropped_line_is_known_at_once_and_forgotten_when_he_is_back(
    live: Running, widget: Widget, clock: FakeClock
) -> None:
    signs = live.services.signs
    assert signs is not None
    clock.advance(timedelta(hours=1))
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="在吗")
        conversation = UUID((await line.next("state"))["conversation"]["id"])
        assert signs.back_by(conversation, LINE_GRACE, clock.now()) is None

    async def away() -> bool:
        return signs.back_by(conversation, LINE_GRACE, clock.now()) is not None

    await until(away, True)
    async with widget.line() as line:
        await line.next("welcome")
        await until(away, False)


async def test_a_visit_goes_on_after_the_process_forgot_it(live: Running, widget: Widget, clock: FakeClock) -> None:
    async with widget.line() as line:
        live.services.widgets.visits = Kept()
        await line.say(t="trail", items=[page(clock)])
        await line.say(t="message", client_id="c1", text="这款有货吗")
        await line.next("ack", client_id="c1")
    assert live.services.trail is not None
    await live.services.trail.flush()
    assert await visits(live) == 1
    assert await live.services.db.pool.fetchval("SELECT pages FROM visit") == 1
    origin = await live.services.db.pool.fetchval("SELECT origin FROM conversation")
    assert origin["page"]["url"].endswith("/p/9")


@pytest.mark.parametrize("header", [{"dnt": "1"}, {"sec-gpc": "1"}])
async def test_a_browser_that_forbids_it_is_not_recorded(live: Running, widget: Widget, header: dict[str, str]) -> None:
    widget.http.headers.update(header)
    await widget.session()
    assert await visits(live) == 0


async def test_without_agreement_nothing_is_recorded_and_taken_back_it_is_deleted(
    live: Running, house: House, clock: FakeClock
) -> None:
    widget = Widget(live, await open_inbox(live.services, house.brand, consent=True))
    assert (await widget.http.get(f"{widget.root}/config")).json()["consent"] is True
    await widget.session(tracking=False)
    async with widget.line() as line:
        assert await visits(live) == 0
        await line.say(t="consent", client_id="a1", granted=True)
        await line.say(t="trail", items=[page(clock)])
        await line.say(t="message", client_id="c1", text="在吗")
        await line.next("ack", client_id="c1")
        assert live.services.trail is not None
        await live.services.trail.flush()
        assert await visits(live) == 1
        await line.say(t="consent", client_id="a2", granted=False)
        await line.next("ack", client_id="a2")
        assert await visits(live) == 0
        assert await live.services.db.pool.fetchval("SELECT count(*) FROM trail") == 0
        assert await live.services.db.pool.fetchval("SELECT count(*) FROM message") == 1


async def test_what_he_said_before_he_wrote_outlives_the_process(
    live: Running, widget: Widget, services: Services, house: House
) -> None:
    async with widget.line() as line:
        await line.say(t="profile", client_id="p1", name="王晓燕", fields={"order": "SO1"})
        await line.next("ack", client_id="p1")
        await line.say(t="profile", client_id="p2", email="wang@example.com")
        await line.next("ack", client_id="p2")
    kept = await live.services.db.pool.fetchval("SELECT said FROM visitor_words")
    assert b"wang" not in kept
    async with running(services) as another:
        later = Widget(another, widget.key)
        later.visitor, later.token = widget.visitor, widget.token
        async with later.line() as line:
            await line.say(t="message", client_id="c1", text="在吗")
            await line.next("ack", client_id="c1")
    row = await live.services.db.pool.fetchrow("SELECT name, fields FROM contact")
    assert row is not None
    assert (row["name"], row["fields"]) == ("王晓燕", {"order": "SO1"})
    assert await live.services.db.pool.fetchval("SELECT kind FROM claim") == "email"
    assert await live.services.db.pool.fetchval("SELECT count(*) FROM visitor_words") == 0


async def test_a_long_history_is_read_page_by_page(live: Running, widget: Widget, shop: str) -> None:
    async with widget.line() as line:
        for n in range(60):
            live.services.widgets.messages = Buckets(MESSAGES, time.monotonic)
            await line.say(t="message", client_id=f"c{n}", text=f"第 {n} 句")
            await line.next("ack", client_id=f"c{n}")
    said = await widget.session()
    assert ([m["text"] for m in said["messages"]][::49], said["more"]) == (["第 10 句", "第 59 句"], True)
    first = said["messages"][0]["id"]
    answer = await widget.http.get(f"{widget.root}/history", params={"before": first}, headers=widget.bearer)
    older = answer.json()
    assert ([m["text"] for m in older["messages"]], older["more"]) == ([f"第 {n} 句" for n in range(10)], False)
    stranger = Widget(live, shop)
    await stranger.session()
    none = await stranger.http.get(f"{stranger.root}/history", params={"before": first}, headers=stranger.bearer)
    assert none.json() == {"messages": [], "more": False}
    assert (await stranger.http.get(f"{stranger.root}/history", params={"before": first})).status_code == 401
