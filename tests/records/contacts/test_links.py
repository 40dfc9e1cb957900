"""Links made and undone in any order and at once: the groups are always those of the links that hold."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.records import contacts
from yizhan.records.contacts import Identifier, Pair, Strength, heads


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def people(shop: Shop, count: int) -> list[UUID]:
    for n in range(count):
        await shop.intake.accept(says(shop.chat, f"v{n}", "在吗", shop.clock.now()))
    return [r["id"] for r in await shop.db.pool.fetch("SELECT id FROM contact ORDER BY id")]


async def link(shop: Shop, a: UUID, b: UUID) -> UUID:
    async with shop.db.transaction() as tx:
        return await contacts.link_contacts(
            tx, a, b, strength=Strength.JUDGED, evidence={"reason": "同一地址"}, actor="agent:1", now=shop.clock.now()
        )


async def unlink(shop: Shop, link_id: UUID) -> None:
    async with shop.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link_id, reason="不是一个人", actor="agent:1", now=shop.clock.now())


async def check(shop: Shop, ids: Sequence[UUID]) -> None:
    rows = await shop.db.pool.fetch("SELECT a_contact, b_contact FROM link WHERE ended_at IS NULL")
    found = {r["id"]: r["person_id"] for r in await shop.db.pool.fetch("SELECT id, person_id FROM contact")}
    assert found == heads(ids, [(r["a_contact"], r["b_contact"]) for r in rows])


steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), min_size=1, max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_any_interleaving_of_links_and_unlinks_gives_the_clusters_of_what_holds(
    shop: Shop, data: st.DataObject
) -> None:
    await shop.db.pool.execute("TRUNCATE link")
    await shop.db.pool.execute("UPDATE contact SET person_id = id")
    ids = [r["id"] for r in await shop.db.pool.fetch("SELECT id FROM contact ORDER BY id")] or await people(shop, 6)
    held: list[UUID] = []
    for a, b, undo in data.draw(steps):
        if undo and held:
            await unlink(shop, held.pop((a + b) % len(held)))
        elif a != b:
            try:
                held.append(await link(shop, ids[a], ids[b]))
            except Conflict:
                continue  # the pair is linked already
        await check(shop, ids)


async def test_links_and_unlinks_at_once_agree_in_the_end(shop: Shop) -> None:
    ids = await people(shop, 8)
    made = await asyncio.gather(*(link(shop, ids[a], ids[(a + k) % 8]) for a in range(8) for k in (1, 3)))
    await check(shop, ids)
    assert len(set(await persons(shop))) == 1
    await asyncio.gather(
        *(unlink(shop, one) for one in made[::2]), *(link(shop, ids[a], ids[a + 4]) for a in range(4)),
    )  # fmt: skip
    await check(shop, ids)


async def persons(shop: Shop) -> list[UUID]:
    return [r["person_id"] for r in await shop.db.pool.fetch("SELECT person_id FROM contact ORDER BY id")]


async def test_an_undone_link_gives_back_what_was_even_after_later_messages(shop: Shop) -> None:
    a, b, c = await people(shop, 3)
    first, second = await link(shop, a, b), await link(shop, b, c)
    joined = await shop.intake.accept(says(shop.chat, "v2", "还有一件事", shop.clock.now()))
    await unlink(shop, second)
    assert dict(zip((a, b, c), await persons(shop), strict=True)) == {a: a, b: a, c: c}
    owner = await shop.db.pool.fetchval("SELECT contact_id FROM message WHERE id = $1", joined.message_id)
    assert owner == c
    await unlink(shop, first)
    assert await persons(shop) == [a, b, c]


async def test_two_who_undo_one_link_do_it_once(shop: Shop) -> None:
    a, b = await people(shop, 2)
    one = await link(shop, a, b)
    done = await asyncio.gather(unlink(shop, one), unlink(shop, one), return_exceptions=True)
    assert [type(d) for d in done if d] == [NotFound]
    kinds = [r["kind"] for r in await shop.db.pool.fetch("SELECT kind FROM event_new WHERE kind LIKE 'contact.%link%'")]
    assert kinds == ["contact.linked", "contact.unlinked"]
    data = await shop.db.pool.fetchval("SELECT data FROM event_new WHERE kind = 'contact.unlinked'")
    assert data["reason"] == "不是一个人"


async def test_what_cannot_be_linked(shop: Shop) -> None:
    a, b = await people(shop, 2)
    with pytest.raises(Invalid):
        await link(shop, a, a)
    with pytest.raises(NotFound):
        await link(shop, a, UUID(int=7))
    await link(shop, a, b)
    with pytest.raises(Conflict):
        await link(shop, b, a)
    async with shop.db.transaction() as tx:
        with pytest.raises(Invalid):
            await contacts.unlink_contacts(tx, UUID(int=7), reason="  ", actor="agent:1", now=shop.clock.now())


async def test_events_carry_the_version_that_a_change_made(shop: Shop) -> None:
    a, b = await people(shop, 2)
    now = shop.clock.now()
    async with shop.db.transaction() as tx:
        await contacts.rename(tx, b, " 王芳 ", actor=f"customer:{b}", now=now)
        await contacts.rename(tx, b, "王芳", actor=f"customer:{b}", now=now)
        await contacts.rename(tx, b, " ", actor=f"customer:{b}", now=now)
    await link(shop, b, a)
    rows = await shop.db.pool.fetch("SELECT kind, subject_version FROM event_new WHERE subject = $1 ORDER BY seq", b)
    assert [tuple(r) for r in rows] == [("contact.created", 1), ("contact.changed", 2), ("contact.linked", 3)]


async def test_a_stale_change_is_refused_and_a_fresh_one_is_told(shop: Shop) -> None:
    (a,) = await people(shop, 1)
    now = shop.clock.now()
    async with shop.db.transaction() as tx:
        read = await contacts.contact(tx, a)
        changed = await contacts.change_contact(
            tx,
            type(read)(a, a, "王芳", 3, None, {"vip": True}, read.created_at, read.version),
            actor="agent:1",
            now=now,
        )
        assert changed.version == read.version + 1
        with pytest.raises(Conflict):
            await contacts.change_contact(tx, read, actor="agent:1", now=now)
        for name, level in (("", 0), ("x" * 81, 0), ("x", 10), ("x", -1)):
            with pytest.raises(Invalid):
                await contacts.change_contact(
                    tx,
                    type(read)(a, a, name, level, None, {}, read.created_at, changed.version),
                    actor="agent:1",
                    now=now,
                )


async def test_an_identity_opens_only_for_a_reason_that_is_kept(shop: Shop) -> None:
    await people(shop, 1)
    now = shop.clock.now()
    identity = await shop.db.pool.fetchval("SELECT id FROM identity")
    async with shop.db.transaction() as tx:
        with pytest.raises(Invalid):
            await contacts.reveal(tx, shop.vault, identity, reason=" ", actor="agent:1", now=now)
        assert await contacts.reveal(tx, shop.vault, identity, reason="核对地址", actor="agent:1", now=now) == "v0"
        assert await contacts.open_identity(tx, shop.vault, identity) == "v0"
    told = await shop.db.pool.fetch("SELECT actor, data FROM event_new WHERE kind = 'contact.revealed'")
    assert [(r["actor"], r["data"]["reason"]) for r in told] == [("agent:1", "核对地址")]
    assert "v0" not in str(await shop.db.pool.fetch("SELECT * FROM identity"))


async def test_a_claim_proves_nothing_by_itself(shop: Shop) -> None:
    a, b = await people(shop, 2)
    now = shop.clock.now()
    async with shop.db.transaction() as tx:
        for who in (a, b):
            await contacts.claim(
                tx,
                shop.vault,
                who,
                kind="email",
                value="x@example.com",
                masked="x***",
                actor=f"customer:{who}",
                now=now,
            )
    assert await persons(shop) == [a, b]
    assert "x@example.com" not in str(await shop.db.pool.fetch("SELECT * FROM claim"))


async def test_two_identity_cards_are_two_people_whichever_way_they_come_together(shop: Shop) -> None:
    now = shop.clock.now()
    cards = ("11010519491231002X", "440524188001010014")
    async with shop.db.transaction() as tx:
        one, other = await contacts.find_or_create(tx, shop.vault, [
            [Identifier("email", "wang@example.com", now), Identifier("id_card", cards[0], now)],
            [Identifier("external", "shop:1"), Identifier("id_card", cards[1], now)],
        ], now=now, by="system")  # fmt: skip
        await contacts.claim(tx, shop.vault, other, kind="email", value="wang@example.com", masked="w***",
                             actor="system", now=now)  # fmt: skip
        await contacts.join(tx, [Pair(one, other, {"kind": "user"})], now=now, by="system")
        told = await contacts.prove_identifier(
            tx, shop.vault, other, "email", "wang@example.com", how="code", actor="system", now=now
        )
        assert told.link_id is None
    with pytest.raises(Conflict):
        await link(shop, one, other)
    await shop.intake.accept(says(shop.mail, "wang@example.com", "在吗", now))
    async with shop.db.transaction() as tx:  # a third who is one with each: the second of the two links is refused
        (third,) = await contacts.find_or_create(
            tx, shop.vault, [[Identifier("external", "shop:3")]], now=now, by="system"
        )
        await contacts.join(
            tx, [Pair(one, third, {"kind": "user"}), Pair(third, other, {"kind": "user"})], now=now, by="system"
        )
        again = await contacts.find_or_create(
            tx, shop.vault, [[Identifier("external", "shop:3"), Identifier("id_card", cards[1], now)]], now=now, by="s"
        )
    assert again == [third]
    assert await shop.db.pool.fetchval("SELECT count(*) FROM link") == 1
    found = {row["id"]: row["person_id"] for row in await shop.db.pool.fetch("SELECT id, person_id FROM contact")}
    assert found[one] == found[third] != found[other]
