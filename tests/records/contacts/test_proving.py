"""Who has proved a number: the same person lately, a stranger after half a year, and never by a shared one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.intake import InboundMessage, Sender
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import contacts
from yizhan.records.contacts import Proof

PHONE = "+8619900001234"


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def visitor(shop: Shop, name: str) -> UUID:
    done = await shop.intake.accept(says(shop.chat, name, "在吗", shop.clock.now()))
    found: UUID = await shop.db.pool.fetchval("SELECT contact_id FROM conversation WHERE id = $1", done.conversation_id)
    return found


async def proves(shop: Shop, contact: UUID, kind: str = "phone", value: str = PHONE) -> Proof:
    async with shop.db.transaction() as tx:
        return await contacts.prove_identifier(
            tx, shop.vault, contact, kind, value, how="sms", actor=f"customer:{contact}", now=shop.clock.now()
        )


async def claims(shop: Shop, contact: UUID) -> None:
    async with shop.db.transaction() as tx:
        await contacts.claim(
            tx, shop.vault, contact, kind="phone", value=PHONE, masked="199****1234", actor=f"customer:{contact}",
            now=shop.clock.now(),
        )  # fmt: skip


async def person(shop: Shop, contact: UUID) -> UUID:
    async with shop.db.read() as tx:
        return (await contacts.contact(tx, contact)).person_id


async def test_two_who_proved_one_number_lately_are_one_person(shop: Shop, clock: FakeClock) -> None:
    one, two = await visitor(shop, "v1"), await visitor(shop, "v2")
    await proves(shop, one)
    clock.advance(timedelta(days=179))
    assert (await proves(shop, two)).link_id is not None
    assert await person(shop, one) == await person(shop, two)
    (link,) = await shop.db.pool.fetch("SELECT strength, evidence FROM link")
    assert tuple(link.values()) == ("proved", {"kind": "phone", "address": "199****1234", "how": "sms"})


async def test_a_number_that_changed_hands_joins_nobody(shop: Shop, clock: FakeClock) -> None:
    one, two = await visitor(shop, "v1"), await visitor(shop, "v2")
    await proves(shop, one)
    clock.advance(timedelta(days=181))
    proof = await proves(shop, two)
    assert (proof.link_id, proof.disputed) == (None, one)
    assert await person(shop, one) != await person(shop, two)
    rows = await shop.db.pool.fetch("SELECT contact_id, valid_to FROM identity WHERE kind = 'phone' ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(one, clock.now()), (two, None)]


async def test_two_people_with_accounts_of_their_own_stay_two(shop: Shop) -> None:
    one, two = await visitor(shop, "v1"), await visitor(shop, "v2")
    for contact, card in ((one, "11010519491231002X"), (two, "440524188001010014")):
        await proves(shop, contact, "id_card", card)
    await proves(shop, one)
    assert (await proves(shop, two)).disputed == one
    assert await person(shop, one) != await person(shop, two)


@pytest.mark.parametrize("kind", ["shared_phone", "switchboard"])
async def test_a_shared_number_never_joins(shop: Shop, kind: str) -> None:
    one, two = await visitor(shop, "v1"), await visitor(shop, "v2")
    held = (await proves(shop, one)).identity_id
    assert held is not None
    async with shop.db.transaction() as tx:
        await contacts.share_identity(tx, held, kind, actor="agent:1", now=shop.clock.now())
    proof = await proves(shop, two)
    assert (proof.link_id, proof.disputed) == (None, one)


async def test_a_number_only_told_by_another_system_is_looked_at_by_a_person(shop: Shop) -> None:
    one, two = await visitor(shop, "v1"), await visitor(shop, "v2")
    await proves(shop, one)
    await shop.db.pool.execute("UPDATE identity SET verified_at = NULL WHERE kind = 'phone'")
    assert (await proves(shop, two)).disputed == one
    assert await shop.db.pool.fetchval("SELECT count(*) FROM claim WHERE contact_id = $1", two) == 1
    assert await shop.db.pool.fetchval("SELECT valid_to FROM identity WHERE kind = 'phone'") is None


def texts(shop: Shop) -> InboundMessage:
    """A text message whose network vouches for its number."""
    sender = Sender(kind="phone", value=PHONE, inbox_scoped=False, authenticated=True, masked="199****1234")
    return says(shop.chat, "v9", "我是刚才网页上的", shop.clock.now(), sender=sender)


@pytest.mark.parametrize(("days", "joined"), [(1, True), (181, False)])
async def test_intake_joins_by_a_fresh_number_only(shop: Shop, clock: FakeClock, days: int, joined: bool) -> None:
    await shop.intake.accept(texts(shop))
    await shop.db.pool.execute("UPDATE identity SET verified_at = $1 WHERE kind = 'phone'", clock.now())
    clock.advance(timedelta(days=days))
    await claims(shop, await visitor(shop, "v1"))
    clock.advance(timedelta(minutes=1))
    await shop.intake.accept(texts(shop))
    assert (await shop.db.pool.fetchval("SELECT count(*) FROM link") == 1) is joined


async def test_intake_joins_nobody_by_a_number_that_two_say_is_theirs(shop: Shop, clock: FakeClock) -> None:
    await shop.intake.accept(texts(shop))
    await shop.db.pool.execute("UPDATE identity SET verified_at = $1 WHERE kind = 'phone'", clock.now())
    for name in ("v1", "v2"):
        await claims(shop, await visitor(shop, name))
    clock.advance(timedelta(minutes=1))
    await shop.intake.accept(texts(shop))
    assert await shop.db.pool.fetchval("SELECT count(*) FROM link") == 0
