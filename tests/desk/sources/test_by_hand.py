"""What people write of a customer is believed before what systems say, over all his contacts, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.desk.sources.test_profiles import DAY, RULES, House, of, proved
from yizhan.desk.customers import profile_of
from yizhan.desk.sources import FieldSaid, ProfileIn, history, write_by_hand
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.records import contacts
from yizhan.records.contacts import Identifier
from yizhan.records.profiles import Value


class Desk(House):
    async def write(self, contact: object, **values: Value) -> None:
        async with self.db.transaction() as tx:
            await write_by_hand(tx, self.vault, contact, values, rules=RULES, now=self.now, by="agent:1")  # type: ignore[arg-type]

    async def shown(self, person: object) -> dict[str, tuple[object, str | None]]:
        async with self.db.read() as tx:
            return {f.key: (f.value, f.source) for f in await profile_of(tx, person, RULES)}  # type: ignore[arg-type]

    async def said(self, contact: object, key: str) -> list[FieldSaid]:
        async with self.db.read() as tx:
            return await history(tx, self.vault, contact, key, RULES)  # type: ignore[arg-type]


@pytest.fixture
def desk(db: Database, clock: FakeClock) -> Desk:
    return Desk(db, Vault(new_keyring()), clock)


async def test_by_hand_counts_until_it_is_taken_back_and_says_who_wrote_it(desk: Desk) -> None:
    (made,) = await desk.put(of("1", name="王方", fields={"city": "上海", "birthday": "1990-03-07"}))
    desk.clock.advance(DAY)
    await desk.write(made.contact_id, name="王芳", city="杭州", birthday="1991/3/7", level="2")
    desk.clock.advance(DAY)
    await desk.put(of("1", name="王方方", fields={"city": "苏州", "birthday": "1990-03-08"}))
    assert await desk.shown(made.contact_id) == {"city": ("杭州", "manual"), "birthday": ("1991-**-**", "manual")}
    assert await desk.sql("SELECT name, level FROM contact") == [("王芳", 2)]
    told = await desk.said(made.contact_id, "city")
    assert [(t.source, t.value, t.by, t.believed, t.until is None) for t in told] == [
        ("manual", "杭州", "agent:1", True, True), ("crm", "苏州", None, False, True),
        ("crm", "上海", None, False, False),
    ]  # fmt: skip
    assert [t.value for t in await desk.said(made.contact_id, "birthday")] == ["1991-**-**", "1990-**-**", "1990-**-**"]
    assert [t.value for t in await desk.said(made.contact_id, "name")] == ["王芳", "王方方", "王方"]
    desk.clock.advance(DAY)
    await desk.write(made.contact_id, city=None)
    assert (await desk.shown(made.contact_id))["city"] == ("苏州", "crm")
    assert [t.by for t in await desk.said(made.contact_id, "city") if t.source == "manual"] == ["agent:1"]
    for wrong in ({"birthday": "1990-02-30"}, {"ghost": "x"}, {"level": 12}):
        with pytest.raises(Invalid):
            await desk.write(made.contact_id, **wrong)


async def test_the_best_source_counts_whichever_of_his_contacts_it_spoke_of(desk: Desk) -> None:
    number = proved(desk.now - 30 * DAY)
    (a,) = await desk.put(of("1", number, fields={"city": "上海"}))
    rows = ProfileIn(identifiers=(Identifier("external", "shop:9"), number), fields={"city": "北京", "company": "羽社"})
    desk.clock.advance(DAY)
    (b,) = await desk.put(rows, source="shop")
    assert await desk.shown(a.contact_id) == {"city": ("北京", "shop"), "company": ("羽社", "shop")}
    await desk.write(b.contact_id, city="杭州")
    assert (await desk.shown(a.contact_id))["city"] == ("杭州", "manual"), "written of the person, whoever is asked"
    assert {t.contact_id for t in await desk.said(b.contact_id, "city")} == {a.contact_id, b.contact_id}
    ((link,),) = await desk.sql("SELECT id FROM link")
    async with desk.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link, reason="两个人", actor="agent:1", now=desk.now)
    assert (await desk.shown(b.contact_id))["city"] == ("杭州", "manual"), "it was written before this one"
    assert (await desk.shown(a.contact_id))["city"] == ("上海", "crm"), "and this one is as it was"


async def test_a_name_written_of_one_contact_is_the_persons_and_leaves_with_it(desk: Desk) -> None:
    number = proved(desk.now - 30 * DAY)
    (a,) = await desk.put(of("1", number, name="王方"))
    (b,) = await desk.put(ProfileIn(identifiers=(Identifier("external", "shop:9"), number), name="小王"), source="shop")
    called = "SELECT person_name(person_id) FROM contact ORDER BY id"
    assert await desk.sql(called) == [("王方",), ("王方",)]
    await desk.write(b.contact_id, name="王芳")
    assert await desk.sql(called) == [("王芳",), ("王芳",)]
    desk.clock.advance(DAY)
    await desk.write(a.contact_id, name="王方方")
    assert await desk.sql(called) == [("王方方",), ("王方方",)], "what was written last"
    await desk.write(b.contact_id, name=None)
    assert await desk.sql(called) == [("王方",), ("王方",)], "taken back wherever it was written"
    desk.clock.advance(DAY)
    await desk.write(b.contact_id, name="王芳")
    ((link,),) = await desk.sql("SELECT id FROM link")
    async with desk.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link, reason="两个人", actor="agent:1", now=desk.now)
    assert await desk.sql(called) == [("王方",), ("王芳",)]


async def test_whom_wechat_does_not_name_is_called_as_another_of_his_accounts(desk: Desk) -> None:
    number = proved(desk.now - 30 * DAY)
    await desk.put(of("1", number, name="微信用户-225e"))
    await desk.put(ProfileIn(identifiers=(Identifier("external", "shop:9"), number), name="王芳"), source="shop")
    assert await desk.sql("SELECT person_name(person_id) FROM contact") == [("王芳",), ("王芳",)]
