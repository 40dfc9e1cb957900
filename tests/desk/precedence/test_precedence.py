"""Another order of sources: everybody's values follow, a few at a time, and what stays as it was is told to nobody."""

from __future__ import annotations

import pytest

from tests.desk.sources.test_profiles import DAY, House
from yizhan.desk import precedence
from yizhan.desk.precedence import jobs
from yizhan.desk.sources import PROFILE, ProfileIn
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.jobs import Job
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records.config import DEFAULT, Body, Configuration, Kinds
from yizhan.records.contacts import Identifier
from yizhan.records.profiles import BY_HAND


class Office(House):
    def __init__(self, db: Database, clock: FakeClock) -> None:
        super().__init__(db, Vault(new_keyring()), clock)
        self.configuration = Configuration(Kinds([PROFILE]))
        self.journal = Lease(db, "journal", "test")
        self.reader = precedence.precedence_reader(db, clock, self.configuration)

    async def release(self, *sources: str, title: str = "") -> None:
        birthday = {"key": "birthday", "zh": "生日", "en": "Birthday", "type": "date", "personal": True}
        fields = [{"key": "city", "zh": "城市", "en": "City"}, birthday]
        body: Body = {"title": title, "fields": fields, "sources": list(sources)}
        async with self.db.transaction() as tx:
            await self.configuration.save(tx, PROFILE.name, DEFAULT, body, by="agent:1", now=self.now)
            await self.configuration.release(tx, by="agent:1", now=self.now)
        await self.journal.step()
        await Sequencer(self.db, self.journal, Wake(), lambda pos: None).drain()
        while await self.reader.step():
            pass

    async def latest(self) -> precedence.Believing:
        async with self.db.read() as tx:
            told = await precedence.latest(tx)
        assert told is not None
        return told

    async def work(self) -> precedence.Believing:
        job = Job(1, precedence.BELIEVE, {"run": str((await self.latest()).id)})
        await precedence.run(self.db, self.vault, self.clock, self.configuration, job)
        return await self.latest()


async def test_everybody_stands_by_the_new_order_and_it_says_how_far_it_is(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TOGETHER", 2)
    office = Office(db, clock)
    for n in range(3):
        theirs, ours = Identifier("external", f"shop:{n}"), Identifier("external", f"crm:{n}")
        await office.put(ProfileIn(identifiers=(theirs, ours)), source="shop")
        told = {"city": "杭州", "birthday": "1990-03-07"}
        await office.put(ProfileIn(identifiers=(ours,), name="王方", fields=told))
        clock.advance(DAY)
        told = {"city": "上海", "birthday": "1991-03-07"}
        await office.put(ProfileIn(identifiers=(theirs,), name="王芳", fields=told), source="shop")
    await office.put(ProfileIn(identifiers=(Identifier("external", "crm:9"),), fields={"city": "杭州"}))
    seen = "SELECT name, fields->>'city', fields->'birthday'->>'masked' FROM contact ORDER BY id LIMIT 3"
    assert await office.sql(seen) == [("王芳", "上海", "1991-**-**")] * 3, "none was named: the latest"

    await office.release(BY_HAND, "crm", "shop")
    begun = await office.latest()
    assert (begun.state, begun.total, begun.done) == ("running", 4, 0)
    ended = await office.work()
    assert (ended.state, ended.done, ended.changed) == ("ended", 4, 3)
    assert await office.sql(seen) == [("王方", "杭州", "1990-**-**")] * 3
    events = await office.sql("SELECT data FROM event_new WHERE kind = 'profile.changed' AND data->>'source' = ''")
    assert [row[0]["fields"] for row in events] == [["birthday", "city", "name"]] * 3

    await office.release(BY_HAND, "crm", "shop", title="又一版")
    assert (await office.latest()).id == ended.id, "the same order changes nothing"
    await office.release(BY_HAND, "shop", "crm")
    await office.release(BY_HAND, "crm")
    states = await office.sql("SELECT state FROM profile_rewrite ORDER BY created_at, id")
    assert states == [("ended",), ("replaced",), ("running",)], "the newest order counts"
    assert (await office.work()).changed == 0
