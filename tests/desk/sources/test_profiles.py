"""What sources tell of customers: row by row, once, reversible, and each field from whom we believe."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from yizhan.desk.sources import Did, Outcome, ProfileIn, compile_profile, put_profiles
from yizhan.desk.sources.rules import SHIPPED
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.records import contacts
from yizhan.records.contacts import Identifier

RULES = compile_profile(SHIPPED)
DAY = timedelta(days=1)


@pytest.fixture
def vault() -> Vault:
    return Vault(new_keyring())


class House:
    def __init__(self, db: Database, vault: Vault, clock: FakeClock) -> None:
        self.db, self.vault, self.clock = db, vault, clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def put(self, *rows: ProfileIn, source: str = "crm") -> list[Outcome]:
        async with self.db.transaction() as tx:
            return await put_profiles(tx, self.vault, rows, source=source, rules=RULES, now=self.now, by="system")

    async def sql(self, query: str, *given: Any) -> list[Any]:
        return [tuple(row) for row in await self.db.pool.fetch(query, *given)]

    async def kinds(self) -> list[str]:
        return [row[0] for row in await self.sql("SELECT kind FROM event_new ORDER BY seq")]


@pytest.fixture
def house(db: Database, vault: Vault, clock: FakeClock) -> House:
    return House(db, vault, clock)


def of(number: str, *more: Identifier, **told: Any) -> ProfileIn:
    return ProfileIn(identifiers=(Identifier("external", number), *more), **told)


async def test_a_row_makes_a_customer_and_the_same_row_changes_nothing(house: House) -> None:
    fields = {"city": "杭州", "birthday": "1990/3/7", "points": "1,200", "newsletter": "是", "gender": "女"}
    row = of("42", Identifier("phone", "+8613800000042"), name=" 王  芳 ", level="3", fields=fields)
    (made,) = await house.put(row)
    assert made.did is Did.CREATED
    ((name, level, kept),) = await house.sql("SELECT name, level, fields FROM contact")
    assert (name, level) == ("王 芳", 3)
    assert kept["city"] == "杭州"
    assert (kept["points"], kept["newsletter"], kept["gender"]) == (1200, True, "female")
    assert kept["birthday"]["masked"] == "1990-**-**"
    everything = str([await house.sql(f"SELECT * FROM {table}") for table in ("contact", "profile_record", "identity")])
    assert "1990-03-07" not in everything
    assert "13800000042" not in everything
    before = await house.kinds()
    assert before == ["contact.created", "profile.changed"]
    house.clock.advance(DAY)
    assert await house.put(row) == [Outcome(Did.UNCHANGED, made.contact_id)]
    assert await house.kinds() == before
    assert await house.sql("SELECT version FROM contact") == [(1,)]


async def test_more_identifiers_of_somebody_known_are_news_once(house: House) -> None:
    """Who looks at him sees it, segments and resolution hear of it, and the journal has it."""
    (made,) = await house.put(of("42", name="王芳"))
    more = of("42", Identifier("phone", "+8613800000042", house.now), name="王芳")
    assert await house.put(more) == [Outcome(Did.CHANGED, made.contact_id)]
    assert (await house.kinds())[2:] == ["identity.added"]
    house.clock.advance(DAY)
    again = of("42", Identifier("phone", "+8613800000042", house.now), name="王芳")
    for _ in range(2):
        assert await house.put(again) == [Outcome(Did.UNCHANGED, made.contact_id)]
    assert (await house.kinds())[3:] == ["identity.verified"]


async def test_two_rows_of_one_customer_change_nothing_when_they_come_again(house: House) -> None:
    rows = of("42", name="王芳", fields={"city": "杭州"}), of("42", name="王芳芳")
    assert [each.did for each in await house.put(*rows)] == [Did.CREATED, Did.CHANGED]
    before = await house.kinds()
    house.clock.advance(DAY)
    assert [each.did for each in await house.put(*rows)] == [Did.UNCHANGED, Did.UNCHANGED]
    assert await house.kinds() == before
    assert await house.sql("SELECT name, version FROM contact") == [("王芳芳", 2)]
    assert await house.sql("SELECT count(*) FROM profile_value") == [(1,)]


async def test_good_rows_go_in_and_bad_ones_are_told_by_field(house: House) -> None:
    told = await house.put(
        of("1", name="一"),
        of("2", name="x" * 81, level="12", fields={"birthday": "1990-02-30", "ghost": "1", "points": "viele"}),
        ProfileIn(identifiers=()),
        of("4", name="四"),
        of("5", level="፩"),
        of("6", level="9" * 5_000),
    )
    assert [each.did for each in told] == [Did.CREATED, Did.REFUSED, Did.REFUSED, Did.CREATED, Did.REFUSED, Did.REFUSED]
    assert {p.field for p in told[1].problems} == {"name", "level", "fields.birthday", "fields.ghost", "fields.points"}
    assert [p.field for p in told[2].problems] == ["identifiers"]
    assert len(await house.sql("SELECT FROM contact")) == 2


async def test_an_older_row_takes_nothing_back_and_replaced_values_are_kept(house: House) -> None:
    at = house.now
    await house.put(of("1", at=at - 2 * DAY, fields={"city": "上海", "address": "南京路 1 号"}))
    assert (await house.put(of("1", at=at - DAY, fields={"city": "杭州", "address": "文三路 2 号"})))[
        0
    ].did is Did.CHANGED
    assert (await house.put(of("1", at=at - 2 * DAY, fields={"city": "上海"})))[0].did is Did.OLDER
    assert (await house.sql("SELECT fields->>'city' FROM contact")) == [("杭州",)]
    past = await house.sql("SELECT field, value, sealed IS NULL, since, until FROM profile_value ORDER BY field")
    assert past == [("address", None, False, at - 2 * DAY, at - DAY), ("city", "上海", True, at - 2 * DAY, at - DAY)]
    await house.put(of("1", at=at, fields={"city": None}))
    assert (await house.sql("SELECT fields->>'city' FROM contact")) == [(None,)]


async def test_each_field_comes_from_the_source_that_is_believed(house: House) -> None:
    same = Identifier("external", "crm:7")
    await house.put(
        ProfileIn(identifiers=(Identifier("external", "shop:s7"), same), fields={"city": "上海"}), source="shop"
    )
    (first,) = await house.sql("SELECT contact_id FROM identity WHERE kind = 'external' AND masked LIKE 'shop:%'")
    (second,) = await house.put(ProfileIn(identifiers=(same,), fields={"city": "杭州"}), source="crm")
    assert second.contact_id == first[0], "the number was known already, as one of the shop's customer"
    house.clock.advance(DAY)
    await house.put(ProfileIn(identifiers=(Identifier("external", "shop:s7"),), fields={"city": "苏州"}), source="shop")
    assert await house.sql("SELECT fields->>'city' FROM contact") == [("苏州",)], "none is named: the latest"
    await house.put(
        ProfileIn(identifiers=(Identifier("external", "manual:m"), Identifier("external", "shop:s7"))), source="x"
    )
    async with house.db.transaction() as tx:
        await put_profiles(
            tx, house.vault, [ProfileIn(identifiers=(same,), fields={"city": "北京"}, at=house.now - 5 * DAY)],
            source="manual", rules=RULES, now=house.now, by="agent:1",
        )  # fmt: skip
    rows = await house.sql("SELECT source, fields->'city'->>0 FROM profile_record ORDER BY source")
    assert ("crm", "杭州") in rows
    assert ("shop", "苏州") in rows


def proved(at: datetime, value: str = "+8613800000001") -> Identifier:
    return Identifier("phone", value, verified_at=at)


async def persons(house: House) -> dict[UUID, UUID]:
    return dict(await house.sql("SELECT id, person_id FROM contact"))


async def test_fresh_proofs_join_two_records_and_a_person_may_take_that_back_for_good(house: House) -> None:
    number = proved(house.now - 30 * DAY)
    (a,) = await house.put(of("1", number, name="王芳"))
    rows = ProfileIn(identifiers=(Identifier("external", "shop:9"), number), name="王女士")
    (b,) = await house.put(rows, source="shop")
    assert a.contact_id != b.contact_id
    assert len(set((await persons(house)).values())) == 1
    ((link, strength, evidence),) = await house.sql("SELECT id, strength, evidence FROM link")
    assert (strength, evidence["kind"]) == ("proved", "phone")
    assert "13800000001" not in str(evidence)
    async with house.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link, reason="号码换人了", actor="agent:1", now=house.now)
    await house.put(rows, source="shop")
    assert len(set((await persons(house)).values())) == 2, "what somebody took apart is not joined again"


async def test_stale_or_unproved_numbers_are_claims(house: House) -> None:
    await house.put(of("1", proved(house.now - 181 * DAY)))
    await house.put(ProfileIn(identifiers=(Identifier("phone", "+8613800000001"),)), source="shop")
    await house.put(of("2", proved(house.now)))
    assert await house.sql("SELECT FROM link") == []
    assert len(await house.sql("SELECT FROM claim")) == 2
    assert len(set((await persons(house)).values())) == 3
    before = await house.kinds()
    await house.put(ProfileIn(identifiers=(Identifier("phone", "+8613800000001"),)), source="shop")
    assert await house.kinds() == before


async def test_the_same_rows_at_once_end_as_if_they_came_after_each_other(house: House) -> None:
    number = proved(house.now)
    rows = [of(str(n % 20), number if n % 20 < 5 else Identifier("device", f"d{n % 20}")) for n in range(60)]
    await asyncio.gather(*(house.put(*rows) for _ in range(3)))
    assert len(await house.sql("SELECT FROM contact")) == 20
    assert len(await house.sql("SELECT FROM profile_record")) == 20
    assert len(await house.sql("SELECT FROM link")) == 4
    heads = list((await persons(house)).values())
    assert max(heads.count(head) for head in heads) == 5
