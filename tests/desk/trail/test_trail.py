"""Visits in the database: written in batches, read for the agent, pruned and forgotten."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from yizhan.desk.trail import (
    Answer,
    InvitationCaps,
    Origin,
    TrailBuffer,
    TrailItem,
    Visit,
    answer_invitation,
    forget_visitors,
    invite,
    invited_rules,
    online_visits,
    open_visit,
    prune,
    trail_of,
    visit_by_id,
)
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database

INBOX = uuid4()
VISITOR = b"a-visitor-of-16b"
ORIGIN = Origin(referrer="https://www.baidu.com/s", language="zh-CN", campaign={"source": "baidu"})
CAPS = InvitationCaps()


async def begin(db: Database, now: datetime, visitor: bytes = VISITOR) -> Visit:
    async with db.transaction() as tx:
        return await open_visit(tx, INBOX, visitor, ORIGIN, now)


def page(url: str, at: datetime, **data: Any) -> TrailItem:
    return TrailItem("page", f"https://shop.example{url}", f"页面 {url}", at, data=data)


async def kinds(db: Database) -> list[str]:
    async with db.read() as tx:
        return [row["kind"] for row in await tx.fetch("SELECT kind FROM event_new ORDER BY seq")]


async def test_a_visit_goes_on_until_half_an_hour_of_silence(db: Database, clock: FakeClock) -> None:
    first = await begin(db, clock.now())
    second = await begin(db, clock.advance(timedelta(minutes=29)))
    third = await begin(db, clock.advance(timedelta(minutes=31)))
    assert first.id == second.id != third.id
    assert third.origin == ORIGIN
    assert await kinds(db) == ["visit.started", "visit.started"]


async def test_what_was_done_is_read_newest_first(db: Database, clock: FakeClock) -> None:
    visit = await begin(db, clock.now())
    buffer = TrailBuffer(db, batch=2)
    buffer.add(visit.id, [page("/", clock.now()), page("/p/1", clock.advance(timedelta(seconds=8)))])
    buffer.add(visit.id, [TrailItem("Product Viewed", "", "", clock.now(), data={"name": "净水器"})])
    assert await buffer.flush() == 3
    async with db.read() as tx:
        trail = await trail_of(tx, [b"another", VISITOR])
    assert trail is not None
    assert [item.kind for item in trail.items] == ["Product Viewed", "page", "page"]
    assert trail.items[0].data == {"name": "净水器"}
    assert (trail.visit.pages, trail.visit.seen_at) == (2, clock.now())


async def test_dwell_belongs_to_the_newest_view_of_its_page(db: Database, clock: FakeClock) -> None:
    visit = await begin(db, clock.now())
    buffer = TrailBuffer(db)
    url = "https://shop.example/p/1"
    buffer.add(visit.id, [page("/p/1", clock.now()), page("/p/1", clock.advance(timedelta(minutes=1)))])
    buffer.add(visit.id, [TrailItem("dwell", url, "", clock.now(), ms) for ms in (9_000, 41_000)])
    await buffer.flush()
    async with db.read() as tx:
        trail = await trail_of(tx, [VISITOR])
    assert trail is not None
    assert [item.dwell_ms for item in trail.items] == [41_000, None]


async def test_the_cart_survives_the_visit_and_ends_with_the_order(db: Database, clock: FakeClock) -> None:
    visit = await begin(db, clock.now())
    buffer = TrailBuffer(db)
    added = {"product_id": "1", "name": "净水器", "price": "1899.00", "currency": "CNY"}
    buffer.add(visit.id, [TrailItem("Product Added", "", "", clock.now(), data=added)])
    await buffer.flush()
    later = await begin(db, clock.advance(timedelta(hours=2)))
    async with db.read() as tx:
        again = await visit_by_id(tx, later.id)
    assert again is not None
    assert again.cart is not None
    assert again.cart.value == Decimal("1899.00")
    buffer.add(later.id, [TrailItem("Order Completed", "", "", clock.now())])
    await buffer.flush()
    async with db.read() as tx:
        emptied = await visit_by_id(tx, later.id)
    assert emptied is not None
    assert emptied.cart is None


async def test_online_is_who_was_seen_in_the_last_pings(db: Database, clock: FakeClock) -> None:
    gone = await begin(db, clock.now(), b"gone")
    here = await begin(db, clock.advance(timedelta(minutes=2)), b"here")
    buffer = TrailBuffer(db)
    buffer.add(here.id, [page("/", clock.now()), page("/checkout", clock.advance(timedelta(seconds=5)))])
    buffer.touch(here.id, clock.advance(timedelta(seconds=20)))
    await buffer.flush()
    async with db.read() as tx:
        (online,) = await online_visits(tx, clock.now())
    assert (online.visit.id, online.url) == (here.id, "https://shop.example/checkout")
    assert online.since == clock.now() - timedelta(seconds=20)
    assert gone.id != here.id


async def test_a_full_buffer_drops_the_oldest_and_counts(db: Database, clock: FakeClock) -> None:
    visit = await begin(db, clock.now())
    buffer = TrailBuffer(db, most=3)
    buffer.add(visit.id, [page(f"/{number}", clock.now()) for number in range(5)])
    assert (await buffer.flush(), buffer.dropped) == (3, 2)


async def test_what_could_not_be_written_waits(db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await begin(db, clock.now())
    buffer = TrailBuffer(db)
    buffer.add(visit.id, [page("/", clock.now())])
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE trail RENAME TO trail_away")
    with pytest.raises(Exception, match="trail"):
        await buffer.flush()
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE trail_away RENAME TO trail")
    assert await buffer.flush() == 1


async def test_a_forgotten_visitor_does_not_come_back(db: Database, clock: FakeClock) -> None:
    visit = await begin(db, clock.now())
    buffer = TrailBuffer(db)
    buffer.add(visit.id, [page("/", clock.now())])
    await buffer.flush()
    buffer.add(visit.id, [page("/late", clock.now())])
    async with db.transaction() as tx:
        await invite(tx, INBOX, VISITOR, "需要帮忙吗?", clock.now(), rule="r1")
        assert await forget_visitors(tx, [VISITOR]) == 1
    await buffer.flush()
    async with db.read() as tx:
        assert await trail_of(tx, [VISITOR]) is None
        assert await tx.fetchval("SELECT (SELECT count(*) FROM trail) + (SELECT count(*) FROM invitation)") == 0


async def test_old_visits_are_pruned_with_their_items(db: Database, clock: FakeClock) -> None:
    old = await begin(db, clock.now(), b"old")
    buffer = TrailBuffer(db)
    buffer.add(old.id, [page("/", clock.now())])
    await buffer.flush()
    new = await begin(db, clock.advance(timedelta(days=91)), b"new")
    async with db.transaction() as tx:
        assert await prune(tx, clock.now()) == 1
        assert await visit_by_id(tx, new.id) is not None
        assert await tx.fetchval("SELECT count(*) FROM trail") == 0


async def test_rules_invite_within_bounds_and_agents_decide_for_themselves(db: Database, clock: FakeClock) -> None:
    async with db.transaction() as tx:
        first = await invite(tx, INBOX, VISITOR, "要帮您挑一款吗?", clock.now(), rule="r1", caps=CAPS)
        assert first is not None
        assert await invite(tx, INBOX, VISITOR, "又来", clock.now(), rule="r2", caps=CAPS) is None
        assert await invited_rules(tx, INBOX, VISITOR, CAPS, clock.now()) is None
        clock.advance(timedelta(minutes=31))
        assert await invited_rules(tx, INBOX, VISITOR, CAPS, clock.now()) == ["r1"]
        by_agent = await invite(tx, INBOX, VISITOR, "您好,我是林一", clock.now(), actor="agent:1")
        assert by_agent is not None
        assert by_agent.rule == ""


async def test_an_invitation_is_answered_once(db: Database, clock: FakeClock) -> None:
    async def answer(reference: str, given: Answer) -> UUID | None:
        async with db.transaction() as tx:
            return await answer_invitation(tx, INBOX, VISITOR, reference, given, clock.now())

    async with db.transaction() as tx:
        made = await invite(tx, INBOX, VISITOR, "要帮您挑一款吗?", clock.now(), rule="r1")
    assert made is not None
    assert await answer("r1", Answer.SHOWN) == made.id
    assert await answer(str(made.id), Answer.ACCEPTED) == made.id
    assert await answer("r1", Answer.CLOSED) is None
    assert await answer("unknown", Answer.CLOSED) is None
    assert await answer("", Answer.CLOSED) is None
    assert await kinds(db) == ["visit.invited", "visit.invitation_answered"]
