"""What was kept before a standard, or came past it, is counted by field and source; what is personal stays masked."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from yizhan.desk import standards
from yizhan.desk.sources import ProfileIn, ProfileRules, compile_profile, put_profiles
from yizhan.desk.sources.rules import SHIPPED
from yizhan.desk.standards import Count, jobs
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict
from yizhan.foundation.jobs import Job
from yizhan.records.contacts import Identifier

LOOSE = compile_profile(SHIPPED)
STRICT = compile_profile(msgspec.structs.replace(SHIPPED, fields=tuple(
    msgspec.structs.replace(spec, max_length=3) if spec.key in ("city", "address") else spec
    for spec in SHIPPED.fields if spec.key != "company"
)))  # fmt: skip


async def report(db: Database, vault: Vault, clock: FakeClock, rules: ProfileRules) -> dict[tuple[str, str], Count]:
    async with db.transaction() as tx:
        begun = await standards.start(tx, by="agent:1", now=clock.now())
    await standards.run(db, vault, clock, lambda: rules, Job(1, standards.CONFORM, {"run": str(begun.id)}))
    async with db.read() as tx:
        told = await standards.latest(tx)
        assert told is not None
        assert (told.state, told.done) == ("ended", told.total)
        return {(c.field, c.problem): c for c in await standards.counts(tx, begun.id)}


async def test_each_broken_value_is_counted_with_masked_examples(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TOGETHER", 2)
    vault = Vault(new_keyring())
    rows = [
        ProfileIn(
            identifiers=(Identifier("external", str(n)), Identifier("phone", f"1380000000{n}")), name=f"客户{n}",
            fields={"city": "杭州" if n else "杭州市西湖区", "address": f"文三路 {n} 号", "company": "羽社"},
        )
        for n in range(5)
    ]  # fmt: skip
    async with db.transaction() as tx:
        await put_profiles(tx, vault, rows, source="crm", rules=LOOSE, now=clock.now(), by="system")
        await tx.execute("UPDATE contact SET name = '王  芳' WHERE name = '客户3'")
    told = await report(db, vault, clock, STRICT)
    assert told["city", ""].found == 5
    assert told["city", "at most 3 characters"].found == 1
    assert told["address", "at most 3 characters"].found == 5
    assert {e.shown for e in told["address", "at most 3 characters"].examples} == {"文三***"}
    assert told["company", "there is no such field"].found == 5
    (name,) = (c for (field, problem), c in told.items() if field == "name" and problem)
    assert (name.found, [e.shown for e in name.examples]) == (1, ["王***"])
    assert told["identifier:phone", ""].found == 5
    assert ("identifier:phone", "x") not in told
    assert not [c for (field, problem), c in told.items() if field.startswith("identifier:") and problem]
    again = await report(db, vault, clock, LOOSE)
    assert {field for (field, problem) in again if problem} == {"name"}, "the report before it is forgotten"


async def test_one_report_at_a_time_and_it_can_be_stopped(db: Database, clock: FakeClock) -> None:
    async with db.transaction() as tx:
        begun = await standards.start(tx, by="agent:1", now=clock.now())
        with pytest.raises(Conflict):
            await standards.start(tx, by="agent:1", now=clock.now())
        stopped = await standards.cancel(tx, begun.id, by="agent:1", now=clock.now())
        assert stopped.state == "cancelled"
        with pytest.raises(Conflict):
            await standards.cancel(tx, UUID(int=1), by="agent:1", now=clock.now())
