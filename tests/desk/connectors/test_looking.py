"""Opening a customer asks the CRM: once, in time, only by what he has proved; and an outage is told once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.desk.connectors.room import MOBILE, Room
from tests.standins.crm import CLIENT, KEY, SECRET
from yizhan.desk.connectors import policy
from yizhan.desk.connectors.model import Freshness, Outage
from yizhan.foundation.http import Guard, Http

MINUTE = timedelta(minutes=1)


async def test_the_order_appears_goes_stale_with_a_notice_and_comes_back_fresh(room: Room) -> None:
    crm = room.crm
    crm.add(MOBILE, "王芳", crm.order("SO1"), city="杭州")
    him = await room.customer()
    found = await room.look(him)
    assert (found.state, found.as_of, found.cause) == (Freshness.FRESH, room.clock.now(), None)
    assert await room.orders(him) == [("SO1", "paid", 39900)]
    assert await room.count("link") == 1
    asked, first = len(crm.asked), room.clock.now()
    await room.look(him)
    assert len(crm.asked) == asked, "within the cache time nobody is asked again"

    crm.mood = "down"
    room.clock.advance(6 * MINUTE)
    lost = await room.look(him)
    assert (lost.state, lost.as_of, lost.cause) == (Freshness.STALE, first, Outage.UNREACHABLE)
    assert await room.orders(him) == [("SO1", "paid", 39900)]
    assert await room.told() == []
    for _ in range(3):
        room.clock.advance(MINUTE)
        assert (await room.look(him)).state is Freshness.STALE
    assert await room.told() == ["connector.failed"]

    crm.mood = "ok"
    crm.people[MOBILE]["orders"][0]["state"] = "已发货"
    assert (await room.look(him)).state is Freshness.STALE, "it is left alone for a moment"
    room.clock.advance(MINUTE)
    assert (await room.look(him)).state is Freshness.FRESH
    assert await room.orders(him) == [("SO1", "shipped", 39900)]
    assert await room.told() == ["connector.failed", "connector.recovered"]


MOODS = [
    ("broken", Outage.STATUS, "500"), ("html", Outage.HTML, "web page"), ("garbage", Outage.NOT_JSON, "no JSON"),
    ("denied", Outage.DENIED, "403"), ("busy", Outage.LIMITED, "429"), ("moved", Outage.STATUS, "elsewhere"),
    ("shapeless", Outage.SHAPE, "profile.rows: a list was expected, there is a text"),
    ("lying", Outage.SHAPE, "profile.identifiers.phone: no row can be read; of the first: the answer is about some"),
    ("huge", Outage.TOO_LARGE, "bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("mood", "cause", "words"), MOODS)
async def test_what_goes_wrong_is_told_by_class_and_nothing_is_half_written(
    room: Room, mood: str, cause: Outage, words: str
) -> None:
    room.crm.add(MOBILE, "王芳", room.crm.order("SO1"))
    room.crm.mood = mood
    him = await room.customer()
    found = await room.look(him)
    assert (found.state, found.cause, found.as_of) == (Freshness.STALE, cause, None)
    [run] = await room.db.pool.fetch("SELECT cause, detail FROM connector_run")
    assert run["cause"] == cause
    assert words in run["detail"]
    assert MOBILE not in run["detail"]
    assert await room.orders(him) == []
    assert await room.count("contact") == 1


async def test_a_slow_one_is_not_waited_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "LOOK_SECONDS", 0.05)
    room.crm.mood = "slow"
    him = await room.customer()
    assert (await room.look(him)).cause is Outage.TIMEOUT
    room.crm.release.set()


async def test_ten_who_open_him_at_once_ask_once(room: Room) -> None:
    room.crm.add(MOBILE, "王芳", room.crm.order("SO1"))
    him = await room.customer()
    found = await asyncio.gather(*(room.look(him) for _ in range(10)))
    assert len(room.crm.asked) == 1
    assert {each.state for each in found} <= {Freshness.FRESH, Freshness.LOOKING}


async def test_nobody_is_looked_up_by_what_he_only_says(room: Room) -> None:
    room.crm.add(MOBILE, "王芳", room.crm.order("SO1"))
    old = await room.customer(verified=room.clock.now() - timedelta(days=200))
    assert (await room.look(old)).state is Freshness.UNASKED
    assert room.crm.asked == []


async def test_who_is_not_known_there_is_no_failure(room: Room) -> None:
    him = await room.customer()
    found = await room.look(him)
    assert (found.state, found.as_of) == (Freshness.FRESH, room.clock.now())


async def test_more_calls_than_allowed_a_minute_wait(room: Room) -> None:
    room.document = room.crm.document(per_minute=1)
    one, other = await room.customer(), await room.customer("13800000043")
    assert (await room.look(one)).state is Freshness.FRESH
    assert (await room.look(other)).cause is Outage.LIMITED
    room.clock.advance(MINUTE)
    assert (await room.look(other)).state is Freshness.FRESH


async def test_the_ways_in(room: Room) -> None:
    crm = room.crm
    him = await room.customer()
    for kind, secrets in (
        ("api_key", {"key": KEY}), ("basic", {"user": CLIENT, "password": SECRET}),
        ("oauth2", {"client_id": CLIENT, "client_secret": SECRET}),
    ):  # fmt: skip
        crm.auth = kind
        auth = {"kind": kind, "token_url": f"{crm.url}/token"} if kind == "oauth2" else {"kind": kind}
        room.document = crm.document(auth=auth)
        await room.db.pool.execute("DELETE FROM connector_secret; DELETE FROM connector_state")
        room.clock.advance(6 * MINUTE)
        assert (await room.look(him)).cause is Outage.SETUP
        await room.secrets(**secrets)
        room.clock.advance(MINUTE)
        assert (await room.look(him)).state is Freshness.FRESH, kind
    room.clock.advance(6 * MINUTE)
    await room.look(him)
    assert crm.tokens == ["token-1"], "a token is used as long as it is valid"
    crm.tokens.append("revoked the one before")
    room.clock.advance(6 * MINUTE)
    assert (await room.look(him)).state is Freshness.FRESH, "one that was revoked is fetched anew"
    assert "crm-secret" not in str(await room.db.pool.fetch("SELECT * FROM connector_secret"))


async def test_what_only_this_machine_can_reach_is_not_called(room: Room) -> None:
    room.caller._http = Http(Guard([]))
    found = await room.look(await room.customer())
    assert found.cause is Outage.BLOCKED
    await room.caller._http.close()
