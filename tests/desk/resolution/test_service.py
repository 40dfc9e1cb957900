"""Contacts that come from sources: found, weighed, linked or left to people, and taken apart again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.intake.samples import open_shop, says
from yizhan.desk import resolution
from yizhan.desk.claims import claims_reader
from yizhan.desk.resolution import SHIPPED, CandidateState, Verdict, store
from yizhan.desk.sources import OrderIn, put_orders
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict
from yizhan.foundation.jobs import Job
from yizhan.foundation.journal import Reader, Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import contacts
from yizhan.records.contacts import Identifier, Strength

ADDRESS = "浙江省杭州市西湖区文三路 2 号 3 幢 501"


class House:
    def __init__(self, db: Database, clock: FakeClock) -> None:
        self.db, self.clock, self.vault = db, clock, Vault(new_keyring())

    async def buyer(self, key: str, name: str, *more: Identifier, address: str | None = None) -> UUID:
        """Somebody of whom a shop told, by his number there; `more` may be somebody else's already."""
        order = OrderIn(
            number=f"SO{key}", identifiers=(Identifier("external", f"shop:{key}"), *more), status="paid",
            total_fen=100, placed_at=self.clock.now() - timedelta(days=1), address=address,
        )  # fmt: skip
        async with self.db.transaction() as tx:
            (told,) = await put_orders(tx, self.vault, [order], source="shop", now=self.clock.now(), by="system")
            assert told.contact_id is not None
            await contacts.rename(tx, told.contact_id, name, actor="system", now=self.clock.now())
        return told.contact_id

    async def examine(self, *ids: UUID) -> None:
        await resolution.examine(self.db, self.vault, SHIPPED, ids, self.clock.now())

    async def queue(self) -> list[resolution.Candidate]:
        async with self.db.read() as tx:
            return await resolution.queue(tx, None, 50)

    async def person(self, id: UUID) -> UUID:
        async with self.db.read() as tx:
            return (await contacts.contact(tx, id)).person_id

    async def decide(self, candidate: UUID, same: bool) -> resolution.Candidate:
        async with self.db.transaction() as tx:
            return await resolution.decide(tx, candidate, same=same, note="", actor="agent:1", now=self.clock.now())

    async def run(self, *, dry: bool) -> resolution.Run:
        async with self.db.transaction() as tx:
            begun = await resolution.start_run(tx, dry=dry, by="agent:1", now=self.clock.now())
        job = Job(1, resolution.RESOLVE, {"run": str(begun.id)})
        await resolution.run(self.db, self.clock, self.vault, lambda: SHIPPED, job)
        async with self.db.read() as tx:
            return await resolution.one_run(tx, begun.id)


@pytest.fixture
def house(db: Database, clock: FakeClock) -> House:
    return House(db, clock)


DEVICE = Identifier("device", "ipad-7")


async def test_enough_evidence_links_and_the_link_says_why(house: House) -> None:
    one = await house.buyer("1", "王晓燕", DEVICE, address=ADDRESS)
    other = await house.buyer("2", "王小燕", DEVICE, address=ADDRESS.replace(" ", ""))
    await house.examine(one)
    await house.examine(other)
    assert await house.person(one) == await house.person(other)
    row = await house.db.pool.fetchrow("SELECT strength, evidence, actor FROM link")
    assert row is not None
    told: dict[str, Any] = row["evidence"]
    assert (row["strength"], row["actor"], told["kind"]) == (Strength.JUDGED, "resolution", "score")
    assert {(f["field"], f["level"]) for f in told["findings"]} >= {
        ("address", "same"),
        ("device", "same"),
        ("name", "sound"),
    }
    assert await house.queue() == []


async def test_a_link_that_was_taken_back_is_not_made_again(house: House) -> None:
    one = await house.buyer("1", "王晓燕", DEVICE, address=ADDRESS)
    other = await house.buyer("2", "王晓燕", DEVICE, address=ADDRESS)
    await house.examine(one, other)
    async with house.db.transaction() as tx:
        link = await tx.fetchval("SELECT id FROM link")
        await contacts.unlink_contacts(tx, link, reason="母女", actor="agent:1", now=house.clock.now())
    await house.examine(one, other)
    assert await house.person(one) != await house.person(other)


async def test_between_the_thresholds_people_decide_once(house: House) -> None:
    one = await house.buyer("1", "王晓燕", DEVICE)
    other = await house.buyer("2", "晓燕", DEVICE)
    await house.examine(one, other)
    (asked,) = await house.queue()
    assert {asked.a_contact, asked.b_contact} == {one, other}
    decided = await house.decide(asked.id, False)
    assert decided.state is CandidateState.DIFFERENT
    await house.examine(one, other)
    assert await house.queue() == []
    with pytest.raises(Conflict):
        await house.decide(asked.id, True)


async def test_a_yes_links_with_its_evidence_and_moves_no_fact(house: House) -> None:
    one = await house.buyer("1", "王晓燕", DEVICE)
    other = await house.buyer("2", "晓燕", DEVICE)
    await house.examine(one, other)
    (asked,) = await house.queue()
    decided = await house.decide(asked.id, True)
    assert await house.person(one) == await house.person(other)
    async with house.db.read() as tx:
        assert decided.link_id is not None
        split = await resolution.split_preview(tx, decided.link_id, one)
        assert [[face.id for face in side.contacts] for side in split.after] == [[c] for c in sorted((one, other))]
        assert [face.orders for face in split.before.contacts] == [1, 1]
        assert len(await store.decided(tx, 10)) == 1


async def test_two_identity_cards_are_never_one_person_not_even_by_hand(house: House) -> None:
    one = await house.buyer("1", "王晓燕", DEVICE, Identifier("id_card", "11010519491231002X"), address=ADDRESS)
    other = await house.buyer("2", "王晓燕", DEVICE, Identifier("id_card", "440524188001010014"), address=ADDRESS)
    await house.examine(one, other)
    assert await house.queue() == []
    async with house.db.transaction() as tx:
        seen = await resolution.merge_preview(tx, house.vault, SHIPPED, one, other, house.clock.now())
        assert (seen.refused, seen.judgement.verdict) == (True, Verdict.CONFLICT)
        with pytest.raises(Conflict):
            await contacts.link_contacts(
                tx, one, other, strength=Strength.JUDGED, evidence={}, actor="agent:1", now=house.clock.now()
            )


async def test_a_dry_run_shows_what_the_run_then_does(house: House) -> None:
    for n in range(4):
        await house.buyer(
            f"{n}", ("王晓燕", "李雷")[n % 2], Identifier("device", f"d{n % 2}"), address=f"{ADDRESS}{n % 2}"
        )
    await house.buyer("9", "晓燕", Identifier("device", "d0"))
    dry = await house.run(dry=True)
    assert (dry.state, dry.done, dry.links, dry.candidates) == ("ended", 5, 2, 2)
    assert await house.db.pool.fetchval("SELECT count(*) FROM link") == 0
    async with house.db.read() as tx:
        assert len(await resolution.previews(tx, dry.id, 10)) == 4
    real = await house.run(dry=False)
    assert (real.links, real.candidates) == (2, 2)
    assert await house.db.pool.fetchval("SELECT count(*) FROM link") == 2


async def test_one_run_at_a_time_and_it_can_be_cancelled(house: House) -> None:
    await house.buyer("1", "王晓燕")
    async with house.db.transaction() as tx:
        begun = await resolution.start_run(tx, dry=False, by="agent:1", now=house.clock.now())
    with pytest.raises(Conflict):
        async with house.db.transaction() as tx:
            await resolution.start_run(tx, dry=True, by="agent:1", now=house.clock.now())
    async with house.db.transaction() as tx:
        await resolution.cancel_run(tx, begun.id, by="agent:1", now=house.clock.now())
    assert not await resolution.step(house.db, house.clock, house.vault, SHIPPED, begun.id)
    async with house.db.read() as tx:
        assert (await resolution.one_run(tx, begun.id)).state == "cancelled"


async def listen(house: House, *readers: Reader) -> None:
    """Each hears all that happened until it is asked, one after the other."""
    async with Lease(house.db, "journal", "test") as lease:
        sequencer = Sequencer(house.db, lease, Wake(), lambda _: None)
        for reader in readers:
            await sequencer.drain()
            while await reader.step():
                continue


def weigher(house: House) -> Reader:
    return resolution.resolution_reader(house.db, house.clock, house.vault, lambda: SHIPPED)


async def test_an_order_that_somebody_names_is_evidence_at_once(house: House) -> None:
    shop = await open_shop(house.db, house.clock, house.vault)
    buyer = await house.buyer("20260301000001", "王晓燕")
    await shop.intake.accept(says(shop.mail, "wang@example.com", "订单 SO20260301000001 还没到", house.clock.now()))
    await listen(house, claims_reader(house.db, house.clock, house.vault), weigher(house))
    (asked,) = await house.queue()
    assert buyer in (asked.a_contact, asked.b_contact)
    assert ("order", "same", True) in {(each.field, each.level, each.told) for each in asked.findings}


async def test_who_takes_a_link_back_has_said_that_they_are_two(house: House) -> None:
    one = await house.buyer("1", "王晓燕", DEVICE, address=ADDRESS)
    await house.buyer("2", "王晓燕", DEVICE, address=ADDRESS)
    await listen(house, weigher(house))
    async with house.db.transaction() as tx:
        link = await tx.fetchval("SELECT link_id FROM candidate WHERE state = 'linked'")
        await contacts.unlink_contacts(tx, link, reason="母女", actor="agent:1", now=house.clock.now())
    await listen(house, weigher(house))
    async with house.db.read() as tx:
        assert [same for _, same in await store.decided(tx, 10)] == [False]
    assert await house.person(one) == one
    assert await house.queue() == []


async def test_the_number_of_a_call_is_compared_with_the_numbers_of_others(house: House) -> None:
    await house.buyer("1", "王晓燕", Identifier("caller", "13812345678"))
    await house.buyer("2", "晓燕", Identifier("phone", "+86 138 1234 5678"))
    await listen(house, weigher(house))
    (asked,) = await house.queue()
    assert {(each.field, each.level) for each in asked.findings} == {("number", "same"), ("name", "similar")}
