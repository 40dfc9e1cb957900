"""Who proves with a message what a customer has proved is that customer before the message is placed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.intake import InboundMessage
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.contacts import Identifier

PHONE = "+8613812345678"


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


def proves(shop: Shop, who: str, text: str, *proofs: Identifier) -> InboundMessage:
    return says(shop.chat, who, text, shop.clock.now(), proofs=proofs, locale="en")


def phone(shop: Shop, days_ago: int = 0) -> Identifier:
    return Identifier("phone", PHONE, shop.clock.now() - timedelta(days=days_ago))


async def persons(shop: Shop) -> list[UUID]:
    return [row["person_id"] for row in await shop.db.pool.fetch("SELECT person_id FROM contact ORDER BY id")]


async def test_the_same_number_proved_twice_is_one_person_and_one_matter(shop: Shop) -> None:
    first = await shop.intake.accept(proves(shop, "app-1", "破壁机漏水", phone(shop)))
    second = await shop.intake.accept(proves(shop, "mini-7", "还是漏水", phone(shop)))
    assert len(set(await persons(shop))) == 1
    assert second.ticket_id == first.ticket_id
    link = await shop.db.pool.fetchrow("SELECT strength, evidence, actor, at FROM link")
    assert link is not None
    assert (link["strength"], link["evidence"]["kind"], link["actor"]) == ("proved", "phone", "system")
    told = await shop.db.pool.fetch("SELECT kind, data FROM event_new WHERE kind LIKE 'contact.%' ORDER BY seq")
    assert [row["kind"] for row in told] == ["contact.created", "contact.created", "contact.linked"]
    assert told[0]["data"] == {"channel": "webchat"}
    assert await shop.db.pool.fetchval("SELECT count(*) FROM contact WHERE locale = 'en'") == 2


async def test_an_old_proof_and_a_second_identity_card_are_left_to_people(shop: Shop) -> None:
    await shop.intake.accept(proves(shop, "app-1", "在吗", phone(shop, 200)))
    await shop.intake.accept(proves(shop, "mini-7", "在吗", phone(shop)))
    assert len(set(await persons(shop))) == 2
    assert await shop.db.pool.fetchval("SELECT count(*) FROM claim") == 1
    cards = [Identifier("id_card", card, shop.clock.now()) for card in ("11010519491231002X", "440524188001010014")]
    for who, card in zip(("app-3", "app-4"), cards, strict=True):
        await shop.intake.accept(proves(shop, who, "在吗", card))
    union = Identifier("unionid", "oX-1", shop.clock.now())
    await shop.intake.accept(proves(shop, "app-3", "我的", union))
    await shop.intake.accept(proves(shop, "app-4", "也是我的", union))
    assert len(set(await persons(shop))) == 4
    assert await shop.db.pool.fetchval("SELECT count(*) FROM link") == 0


async def test_many_who_prove_the_same_at_once_are_one(shop: Shop) -> None:
    await asyncio.gather(*(shop.intake.accept(proves(shop, f"app-{n}", "在吗", phone(shop))) for n in range(12)))
    assert len(await persons(shop)) == 12
    assert len(set(await persons(shop))) == 1


async def test_what_is_no_identifier_costs_nobody_his_message(shop: Shop) -> None:
    done = await shop.intake.accept(proves(shop, "app-1", "在吗", Identifier("phone", "12", shop.clock.now())))
    assert done.ticket_id is not None
