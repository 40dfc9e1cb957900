"""Segments: what is known of people is counted from the sources, and who is in which segment follows of itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk import segments
from yizhan.desk.segments import SEGMENT, SegmentBook, SegmentDocument, SegmentTitle, SegmentWatch, segment_reader
from yizhan.desk.sources import PROFILE, OrderIn, ProfileBook, ProfileIn, put_orders, put_profiles
from yizhan.desk.views import WORK_FIELDS, work_facts
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.conditions import compile_closure, parse
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import contacts
from yizhan.records.config import Configuration, Kinds
from yizhan.records.contacts import Identifier, Strength

PROFILE_RULES = ProfileBook().now
DAY = timedelta(days=1)
MONTH = 30 * 24 * 60


def asks(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} if value is None else {"field": field, "op": op, "value": value}


class House:
    """A shop whose customers are known from a CRM, with the reader and the watch of segments."""

    def __init__(self, shop: Shop, clock: FakeClock) -> None:
        self.db, self.clock, self.vault, self.shop = shop.db, clock, shop.vault, shop
        self.journal = Lease(self.db, "journal", "test")
        self.book = SegmentBook()
        self.configuration = Configuration(Kinds([SEGMENT, PROFILE]))
        self.watch = SegmentWatch(self.db, clock, self.book, self.configuration)
        self.reader = segment_reader(self.db, clock, self.book, self.configuration)

    async def rule(self, **when: Any) -> None:
        async with self.db.transaction() as tx:
            for key, tree in when.items():
                body = {"title": {"zh": key, "en": key}, "when": tree}
                await self.configuration.save(tx, "segment", key, body, by="system", now=self.clock.now())
            await self.configuration.release(tx, by="system", now=self.clock.now())
            self.book.take(await self.configuration.published(tx))
        await self.settle()

    async def settle(self) -> None:
        await self.journal.step()
        await Sequencer(self.db, self.journal, Wake(), lambda pos: None).drain()
        while await self.reader.step():
            pass
        while await self.watch.look():
            pass

    async def tells(self, number: str, **told: Any) -> UUID:
        row = ProfileIn(identifiers=(Identifier("external", f"crm:{number}"),), **told)
        async with self.db.transaction() as tx:
            (done,) = await put_profiles(
                tx, self.vault, [row], source="crm", now=self.clock.now(), by="system", rules=PROFILE_RULES
            )  # fmt: skip
        assert done.contact_id is not None
        return done.contact_id

    async def buys(self, number: str, order: str, ago: timedelta, fen: int = 10_000, status: str = "done") -> None:
        row = OrderIn(number=order, identifiers=(Identifier("external", f"crm:{number}"),), status=status,
                      total_fen=fen, placed_at=self.clock.now() - ago)  # fmt: skip
        async with self.db.transaction() as tx:
            await put_orders(tx, self.vault, [row], source="crm", now=self.clock.now(), by="system")

    async def complains(self, who: UUID, at: datetime) -> None:
        await self.db.pool.execute(
            "INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, last_message_at,"
            " created_at) VALUES ($1, $2, $3, '', 'complaint.service', 'open', 2, 'email', $4, $4)",
            new_id(at), self.shop.brand, who, at,
        )  # fmt: skip
        async with self.db.transaction() as tx:
            await segments.count_anew(tx, [who], self.book.now, self.configuration, self.clock.now())

    async def of(self, person: UUID) -> list[str]:
        async with self.db.read() as tx:
            return [each.segment for each in await segments.of_person(tx, person)]

    async def due(self, person: UUID) -> datetime | None:
        at: datetime | None = await self.db.pool.fetchval(
            "SELECT changes_at FROM person_fact WHERE person_id = $1", person
        )
        return at

    async def told(self, kind: str) -> list[Any]:
        """Also what no reader has seen yet."""
        both = "SELECT contact_id, data, seq FROM event_new WHERE kind = $1 UNION ALL"
        kept = "SELECT contact_id, data, seq FROM event WHERE kind = $1 ORDER BY seq"
        return list(await self.db.pool.fetch(f"{both} {kept}", kind))

    async def fit(self, when: Any) -> int:
        document = SegmentDocument(title=SegmentTitle("一", "one"), when=when)
        async with self.db.read() as tx:
            return (await segments.fit(tx, document, self.book.now, self.clock.now())).fit


@pytest.fixture
async def house(db: Database, clock: FakeClock) -> House:
    return House(await open_shop(db, clock), clock)


async def test_people_come_into_segments_and_leave_them_by_what_happens(house: House) -> None:
    wei = await house.tells("1", name="魏", level=3, fields={"city": "杭州"})
    await house.rule(
        top=asks("level", "gte", 3), buyer=asks("orders", "gte", 1), hangzhou=asks("profile.city", "eq", "杭州")
    )
    assert await house.of(wei) == ["hangzhou", "top"]

    await house.buys("1", "SO1", 2 * DAY)
    await house.tells("1", fields={"city": "上海"})
    await house.settle()
    assert await house.of(wei) == ["buyer", "top"]

    told = await house.db.pool.fetch(
        "SELECT contact_id, data FROM event_new WHERE kind = 'segment.changed' ORDER BY seq"
    )
    assert [row["contact_id"] for row in told] == [wei]
    assert told[0]["data"] == {"came": ["buyer"], "left": ["hangzhou"]}


async def test_time_alone_moves_people(house: House) -> None:
    """Nobody is polled: each row says when it changes next."""
    silent = {"all": [asks("level", "gte", 3), {"not": asks("last_order_at", "within", MONTH)}]}
    wei = await house.tells("1", name="魏", level=3)
    await house.buys("1", "SO1", 20 * DAY)
    await house.rule(silent=silent, recent=asks("orders_30d", "gte", 1), angry=asks("complaints_30d", "gte", 2))
    await house.complains(wei, house.clock.now() - 25 * DAY)
    await house.complains(wei, house.clock.now() - 1 * DAY)
    assert await house.of(wei) == ["angry", "recent"]
    assert await house.due(wei) == house.clock.now() + 5 * DAY, "the first of the complaints is forgotten first"

    house.clock.advance(6 * DAY)
    await house.settle()
    assert await house.of(wei) == ["recent"]
    house.clock.advance(5 * DAY)
    await house.settle()
    assert await house.of(wei) == ["silent"]
    house.clock.advance(400 * DAY)
    await house.settle()
    assert await house.due(wei) is None


async def test_taking_a_link_back_restores_both(house: House) -> None:
    await house.rule(buyer=asks("orders", "gte", 2), rich=asks("spent", "gte", 250))
    one, other = await house.tells("1", name="一"), await house.tells("2", name="二")
    await house.buys("1", "SO1", DAY)
    await house.buys("2", "SO2", DAY, fen=20_000)
    await house.settle()
    before = await house.db.pool.fetch("SELECT * FROM person_fact ORDER BY person_id")
    async with house.db.transaction() as tx:
        link = await contacts.link_contacts(
            tx, one, other, strength=Strength.JUDGED, evidence={}, actor="agent:1", now=house.clock.now()
        )
    await house.settle()
    assert await house.of(min(one, other)) == ["buyer", "rich"]
    assert len(await house.db.pool.fetch("SELECT FROM person_fact")) == 1
    assert await house.of(max(one, other)) == [], "who is part of somebody else is in no segment of his own"

    async with house.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link, reason="两个人", actor="agent:1", now=house.clock.now())
    await house.settle()
    assert await house.of(one) == await house.of(other) == []
    assert await house.db.pool.fetch("SELECT * FROM person_fact ORDER BY person_id") == before


async def test_who_writes_is_counted_without_an_event_of_his(house: House) -> None:
    await house.rule(talked=asks("contacted_at", "within", MONTH), waits=asks("open_tickets", "gte", 1))
    now = house.clock.now()
    await house.shop.intake.accept_batch([says(house.shop.mail, "wei@example.com", "发票呢", now)])
    while await house.watch.look():
        pass
    assert await house.fit(asks("open_tickets", "gte", 1)) == 1
    assert await house.db.pool.fetchval("SELECT array_agg(segment ORDER BY 1) FROM segment_member") == [
        "talked",
        "waits",
    ]


async def test_rules_about_tickets_ask_for_segments(house: House) -> None:
    await house.rule(talked=asks("conversations", "gte", 1), gone=asks("orders", "gte", 9))
    done = await house.shop.intake.accept(says(house.shop.mail, "wei@example.com", "发票呢", house.clock.now()))
    while await house.watch.look():
        pass
    assert done.ticket_id is not None
    async with house.db.read() as tx:
        asked = await work_facts(tx, [done.ticket_id], now=house.clock.now(), fields=frozenset({"segment"}))
        other = await work_facts(tx, [done.ticket_id], now=house.clock.now(), fields=frozenset({"level"}))
    facts = asked[done.ticket_id]
    assert (facts["segment"], other[done.ticket_id]["segment"]) == (["talked"], None), "read where a rule asks for it"
    assert compile_closure(parse(asks("segment", "contains", "talked"), WORK_FIELDS))(facts)
    assert not compile_closure(parse(asks("segment", "in", ["gone"]), WORK_FIELDS))(facts)


async def test_a_new_rule_finds_everybody_and_one_that_goes_leaves_nobody(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr("yizhan.desk.segments.jobs._BATCH", 2)
    people = [await house.tells(str(n), level=n % 2) for n in range(5)]
    await house.settle()
    await house.rule(plain=asks("level", "eq", 0))
    assert [await house.of(each) for each in people] == [["plain"], [], ["plain"], [], ["plain"]]
    async with house.db.transaction() as tx:
        await house.configuration.remove(tx, "segment", "plain", by="system", now=house.clock.now())
    await house.rule(member=asks("level", "gte", 1))
    assert [await house.of(each) for each in people] == [[], ["member"], [], ["member"], []]
    assert await house.told("segment.changed") == []
    assert (await house.told("segment.judged"))[-1]["data"]["sizes"] == {"member": 2}


async def test_a_process_that_has_not_heard_of_a_release_judges_by_it_all_the_same(house: House) -> None:
    await house.rule(top=asks("level", "gte", 3))
    late = SegmentBook()
    wei = await house.tells("1", level=3)
    async with house.db.transaction() as tx:
        await segments.count_anew(tx, [wei], late.now, house.configuration, house.clock.now())
    assert await house.of(wei) == ["top"]


async def test_every_field_can_be_asked(house: House) -> None:
    """In SQL, in every way its type can be: what a person has not is no error."""
    values: dict[str, Any] = {
        "number": 1,
        "time": house.clock.now().isoformat(),
        "text": "杭州",
        "bool": True,
        "list": "phone",
    }
    await house.tells("1", fields={"points": 12, "registered_at": "2026-01-02T03:04:05Z", "newsletter": True})
    await house.rule(all=asks("level", "gte", 0))
    for field in house.book.now.fields:
        op = {"time": "gt", "list": "contains"}.get(field.type, "eq")
        for tree in (
            asks(field.name, op, values[field.type]),
            asks(field.name, "is_set"),
            asks(field.name, "is_empty"),
        ):
            await house.fit(tree)
    assert await house.fit(asks("profile.points", "gte", 12)) == 1
    assert await house.fit(asks("profile.newsletter", "eq", True)) == 1
    assert await house.fit(asks("profile.registered_at", "lt", "2026-01-02T03:04:06Z")) == 1
    assert await house.fit(asks("profile.registered_at", "gt", "2026-01-02T03:04:05Z")) == 0


async def test_what_makes_no_sense_is_refused(house: House) -> None:
    async def saved(tx: Tx, when: Any) -> None:
        body = {"title": {"zh": "一", "en": "one"}, "when": when}
        await house.configuration.save(tx, "segment", "one", body, by="system", now=house.clock.now())

    for when, place in (
        (asks("profile.shoe_size", "gte", 40), "when.field"),
        ({"all": [asks("profile.city", "gte", 40)]}, "when.all[0].op"),
        ({"all": [asks("orders", "lt", 1), asks("orders", "gt", 3)]}, "when"),
        (asks("profile.birthday", "within", 10), "when.field"),
        (asks("orders", "gte", "many"), "when.value"),
    ):
        async with house.db.transaction() as tx:
            with pytest.raises(Invalid) as wrong:
                await saved(tx, when)
        assert wrong.value.field == place, when
