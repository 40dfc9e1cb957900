"""After 撤销合并 each has what he said: whatever was said meanwhile lies in tickets of who said it."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk import serving
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import contacts
from yizhan.records.contacts import Strength
from yizhan.records.tickets import By

_CROSSED = """
SELECT count(*) FROM message m JOIN ticket t ON t.id = m.ticket_id JOIN conversation v ON v.id = m.conversation_id
JOIN ticket vt ON vt.id = v.ticket_id WHERE t.contact_id <> m.contact_id OR vt.contact_id <> v.contact_id"""


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def say(shop: Shop, who: str, text: str) -> UUID:
    done = await shop.intake.accept(says(shop.mail if "@" in who else shop.chat, who, text, shop.clock.now()))
    assert done.ticket_id is not None
    return done.ticket_id


async def couple(shop: Shop, name: str = "") -> tuple[UUID, UUID, UUID]:
    """Two contacts who are one person, and the link."""
    for who in ("old", "new"):
        await say(shop, f"{name}{who}", "在吗")
    rows = await shop.db.pool.fetch("SELECT id FROM contact ORDER BY id DESC LIMIT 2")
    new, old = (row["id"] for row in rows)
    await shop.db.pool.execute("UPDATE ticket SET status = 'cancelled' WHERE contact_id IN ($1, $2)", old, new)
    async with shop.db.transaction() as tx:
        link = await contacts.link_contacts(
            tx, old, new, strength=Strength.CLAIMED, evidence={"kind": "phone"}, actor="system", now=shop.clock.now()
        )
    return old, new, link


async def take_apart(shop: Shop, old: UUID, new: UUID, link: UUID) -> None:
    async with shop.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link, reason="号码换人了", actor="agent:1", now=shop.clock.now())
        await serving.part(tx, [old, new], shop.clock.now())
        await serving.part(tx, [old, new], shop.clock.now())  # told twice it does nothing more


async def test_what_one_said_in_the_others_ticket_becomes_his_own(shop: Shop) -> None:
    old, new, link = await couple(shop)
    ticket = await say(shop, "old", "破壁机漏水")
    assert await say(shop, "new", "空调什么时候装") == ticket
    await take_apart(shop, old, new, link)
    row = await shop.db.pool.fetchrow(
        "SELECT subject, linked_to, status FROM ticket WHERE contact_id = $1 AND linked_to IS NOT NULL", new
    )
    assert row is not None
    assert tuple(row) == ("空调什么时候装", ticket, "new")
    assert await shop.db.pool.fetchval(_CROSSED) == 0
    assert await shop.db.pool.fetchval("SELECT text FROM note ORDER BY id DESC LIMIT 1") == await _line(shop, ticket)
    later = await say(shop, "new", "还没装")
    assert await shop.db.pool.fetchval("SELECT contact_id FROM ticket WHERE id = $1", later) == new


async def test_whoever_answered_for_an_ended_ticket_hears_what_was_parted_from_it(shop: Shop) -> None:
    old, new, link = await couple(shop)
    ticket = await say(shop, "old", "破壁机漏水")
    await say(shop, "new", "空调什么时候装")
    owner = UUID(int=7)
    await shop.db.pool.execute("UPDATE ticket SET status = 'done', owner_id = $2 WHERE id = $1", ticket, owner)
    await take_apart(shop, old, new, link)
    row = await shop.db.pool.fetchrow("SELECT id, number, status FROM ticket WHERE linked_to = $1", ticket)
    assert row is not None
    assert row["status"] == "cancelled"
    said = await shop.db.pool.fetchval("SELECT text FROM note WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1", ticket)
    assert said == f"撤销客户合并,分出 #{row['number']},已取消,仅供查阅"
    told = await shop.db.pool.fetch("SELECT ticket_id, data FROM event_new WHERE kind = 'notice.raised'")
    assert [(t["ticket_id"], t["data"]["why"], t["data"]["agents"]) for t in told] == [
        (row["id"], "ticket.parted", [str(owner)])
    ]


async def test_a_ticket_that_was_merged_across_comes_back(shop: Shop) -> None:
    old, new, link = await couple(shop)
    ticket = await say(shop, "old", "破壁机漏水 订单 SO20260301000001")
    other = await say(shop, "new", "空调 订单 SO20260302000002")
    assert ticket != other
    async with shop.db.transaction() as tx:
        await serving.merge(tx, other, ticket, text="同一件事", by=By("agent:1"), now=shop.clock.now())
    await take_apart(shop, old, new, link)
    assert await shop.db.pool.fetchval("SELECT merged_into FROM ticket WHERE id = $1", other) is None
    assert await shop.db.pool.fetchval(_CROSSED) == 0


_names = iter(range(1_000_000))


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(("还没好", "谢谢", "订单 SO20260301000001 呢", "投诉你们"))),
                min_size=1, max_size=8))  # fmt: skip
async def test_after_any_further_words_each_side_has_its_own(shop: Shop, words: list[tuple[bool, str]]) -> None:
    name = f"{next(_names)}-"
    old, new, link = await couple(shop, name)
    said: dict[UUID, int] = {old: 1, new: 1}
    for mine, text in words:
        await say(shop, f"{name}{'old' if mine else 'new'}", f"{text} {sum(said.values())}")
        said[old if mine else new] += 1
    await take_apart(shop, old, new, link)
    assert await shop.db.pool.fetchval(_CROSSED) == 0
    rows = await shop.db.pool.fetch(
        "SELECT contact_id, count(*) AS said FROM message WHERE contact_id IN ($1, $2) GROUP BY contact_id", old, new
    )
    assert {row["contact_id"]: row["said"] for row in rows} == said


async def _line(shop: Shop, ticket: UUID) -> str:
    number = await shop.db.pool.fetchval("SELECT number FROM ticket WHERE id = $1", ticket)
    return f"撤销客户合并,自 #{number} 分出"
