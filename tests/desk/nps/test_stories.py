"""A campaign from its release to its end: found, asked in batches, answered, followed up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.desk.satisfaction.office import Asking, open_asking
from yizhan.desk import nps
from yizhan.desk.nps import NPS_CAMPAIGN, Answer, NpsDocument, choosing, service
from yizhan.desk.nps.service import step
from yizhan.desk.satisfaction.store import spells
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict
from yizhan.records.agents import Scope, Viewer
from yizhan.records.config import CALENDAR, Body, Configuration, Kinds, Published, TypeBook, house_calendar

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))
KINDS = Kinds([NPS_CAMPAIGN, CALENDAR])
BODY: Body = {
    "title": {"zh": "季度调查", "en": "Quarterly"}, "enabled": True, "starts": "2026-03-02", "share_percent": 100,
    "quiet_days": 2, "per_minute": 2, "ask_days": 3, "answer_days": 10,
}  # fmt: skip
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ALL = Viewer(agent_id=UUID(int=1), name="主管", scope=Scope.ALL, permissions=frozenset())


def link(invitation_id: UUID, until: datetime) -> str:
    return f"https://shop.example/nps/{invitation_id.hex}"


class Campaigning(msgspec.Struct):
    asking: Asking
    configuration: Configuration
    published: Published

    @property
    def now(self) -> datetime:
        return self.asking.now

    @property
    def db(self) -> Database:
        return self.asking.floor.db

    async def release(self, body: Body) -> None:
        """Some hours later, when everybody was asked how the conversation was."""
        await self.passes(timedelta(hours=2))
        async with self.db.transaction() as tx:
            saved = await self.configuration.save(tx, "nps_campaign", "default", body, by="test", now=self.now)
            assert saved.version
            await self.configuration.release(tx, by="test", now=self.now)
            self.published = await self.configuration.published(tx)
        await self.asking.floor.settle()

    async def work(self) -> None:
        """What the worker does of the jobs in its queue."""
        for row in await self.db.pool.fetch("DELETE FROM pgqueuer WHERE entrypoint = 'nps' RETURNING payload"):
            run_id, more = UUID(json.loads(row["payload"])["run"]), True
            while more:
                async with self.db.transaction() as tx:
                    more = await step(tx, run_id, house_calendar(self.published), link, self.now)

    async def passes(self, by: timedelta = timedelta(0)) -> None:
        await self.asking.floor.pass_time(by)
        await self.work()

    async def mailed(self, who: str, text: str, agent: UUID, *, closed: bool = True) -> Any:
        done = await self.asking.floor.says(who, text, mail=True)
        await self.asking.answers(done, agent)
        if closed:
            await self.asking.closes(done, agent)
        return done

    async def invitations(self) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.db.pool.fetch("SELECT * FROM nps_invitation ORDER BY id")]

    async def told(self, *kinds: str) -> None:
        """Each of these events was told as its sample says."""
        for sample in (each for each in SAMPLES if each["kind"] in kinds):
            data = await self.db.pool.fetchval("SELECT data FROM event WHERE kind = $1", sample["kind"])
            assert {key: type(value) for key, value in data.items()} == {
                key: type(value) for key, value in sample["data"].items()
            }

    async def run(self) -> dict[str, Any]:
        row = await self.db.pool.fetchrow("SELECT * FROM nps_run")
        assert row is not None
        return dict(row)


@pytest.fixture
async def house(db: Database, clock: FakeClock) -> Campaigning:
    clock.set(NOON - timedelta(days=5))
    asking = await open_asking(db, clock)
    configuration = Configuration(KINDS)
    house = Campaigning(asking, configuration, Published(KINDS, 0, ()))
    asking.floor.readers.append(nps.nps_reader(db, clock, configuration))
    nps.register_timers(asking.floor.timers, lambda: house.published, TypeBook())
    return house


async def test_people_are_found_asked_in_batches_and_counted(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    for who in ("a@example.com", "b@example.com", "c@example.com"):
        await house.mailed(who, "发票怎么开", lin)
    await house.mailed("open@example.com", "还没好", lin, closed=False)
    chat = await house.asking.floor.says("v1", "怎么安装?")
    await house.asking.answers(chat, lin)
    await house.asking.ends(chat)
    async with house.db.transaction() as tx:
        await tx.execute("UPDATE ticket SET status = 'done' WHERE id = $1", chat.ticket_id)
    await house.release(BODY)
    assert not await house.invitations()
    house.asking.floor.clock.set(NOON)
    await house.passes()
    run = await house.run()
    assert (run["state"], run["considered"], run["spared"]) == ("asking", 5, {"open": 1})
    states = [(row["channel"], row["state"]) for row in await house.invitations()]
    assert sorted(states) == [("email", "asked"), ("email", "asked"), ("email", "waiting"), ("webchat", "waiting")]
    await house.passes(timedelta(seconds=59))
    assert len([row for row in await house.invitations() if row["state"] == "asked"]) == 2
    await house.passes(timedelta(seconds=2))
    asked = [row for row in await house.invitations() if row["state"] == "asked"]
    assert len(asked) == 3
    sent = await house.db.pool.fetchrow("SELECT * FROM message WHERE id = $1", asked[0]["message_id"])
    assert sent is not None
    assert (sent["kind"], sent["author"], "推荐给亲友" in sent["payload"]["subject"]) == ("survey", "system", True)
    assert f"https://shop.example/nps/{asked[0]['id'].hex}" in sent["text"]
    assert await house.db.pool.fetchval("SELECT count(*) FROM outbound WHERE message_id = $1", sent["id"]) == 1
    await house.asking.floor.settle()
    told = await house.asking.floor.kinds()
    assert [told.count(kind) for kind in ("nps.started", "nps.gathered", "nps.asked")] == [1, 1, 3]
    await house.passes(timedelta(days=3))
    assert (await house.run())["state"] == "answering"
    assert [(r["channel"], r["why"]) for r in await house.invitations() if r["state"] == "spared"] == [
        ("webchat", "late")
    ]
    await house.passes(timedelta(days=8))
    assert (await house.run())["state"] == "closed"
    await house.told("nps.started", "nps.gathered", "nps.asked", "nps.closed")


async def test_the_answer_counts_and_a_detractor_is_called_back_once(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    mail = await house.mailed("a@example.com", "发票怎么开", lin)
    await house.mailed("b@example.com", "能换货吗", lin)
    await house.release(BODY)
    house.asking.floor.clock.set(NOON)
    await house.passes()
    one, other = await house.invitations()
    async with house.db.transaction() as tx:
        await nps.answer(tx, one["id"], Answer(3, "没人回我"), house.now)
        await nps.answer(tx, other["id"], Answer(8), house.now)
        await nps.answer(tx, other["id"], Answer(9), house.now)
    await house.passes(timedelta(seconds=1))
    async with house.db.transaction() as tx:
        await nps.answer(tx, one["id"], Answer(2, "真的没人"), house.now)
    await house.passes(timedelta(seconds=1))
    (task,) = await house.db.pool.fetch("SELECT * FROM ticket WHERE type = 'callback'")
    assert (task["linked_to"], task["subject"]) == (mail.ticket_id, "NPS 回访(3 分) 没人回我")
    async with house.db.read() as tx:
        found = await nps.results(tx, one["run_id"], ALL)
        said = await nps.comments(tx, one["run_id"], ALL)
        mine = await nps.comments(tx, one["run_id"], msgspec.structs.replace(ALL, scope=Scope.OWN))
        (month,) = await nps.months(tx, "default", ALL, "Asia/Shanghai", NOON - timedelta(days=1))
    assert (found.standing.promoters, found.standing.detractors, found.standing.score) == (1, 1, 0)
    assert (found.response.of, found.response.all) == (2, 2)
    assert [part.standing.answers for part in found.brands] == [2]
    assert [(each.score, each.comment, each.follow_up_number) for each in said] == [(2, "真的没人", task["number"])]
    assert mine == []
    assert (month.month, month.standing.answers) == ("2026-03", 2)
    await house.told("nps.answered", "nps.followed_up")
    house.asking.floor.clock.advance(timedelta(days=11))
    async with house.db.transaction() as tx:
        with pytest.raises(Conflict):
            await nps.answer(tx, one["id"], Answer(10), house.now)


async def test_what_happened_between_finding_and_asking_is_respected(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    await house.mailed("a@example.com", "发票怎么开", lin)
    await house.mailed("b@example.com", "能换货吗", lin)
    await house.release(BODY | {"per_minute": 1})
    house.asking.floor.clock.set(NOON)
    await house.passes()
    later = next(row for row in await house.invitations() if row["state"] == "waiting")
    async with house.db.transaction() as tx:
        ticket = "UPDATE ticket SET status = 'open' WHERE contact_id = $1"
        await tx.execute(ticket, later["contact_id"])
    await house.passes(timedelta(minutes=2))
    assert [(row["state"], row["why"]) for row in await house.invitations()].count(("spared", "open")) == 1


async def test_who_unsubscribes_is_never_asked_again_and_another_question_waits_a_day(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    mail = await house.mailed("a@example.com", "发票怎么开", lin)
    await house.release(BODY)
    house.asking.floor.clock.set(NOON)
    await house.passes()
    (one,) = await house.invitations()
    async with house.db.read() as tx:
        (spell,) = await spells(tx, [mail.conversation_id], house.now)
    assert spell.last_asked == house.now
    async with house.db.transaction() as tx:
        await nps.unsubscribe(tx, one["id"], house.now)
        reach = await nps.preview(tx, msgspec.convert(BODY, NpsDocument), "x", house.now + timedelta(days=9))
    assert (reach.considered, reach.asked, reach.spared) == (1, 0, {"way": 1})


async def test_a_visitor_sees_it_at_his_next_visit_and_may_close_it(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    chat = await house.asking.floor.says("v1", "怎么安装?")
    await house.asking.answers(chat, lin)
    await house.asking.ends(chat)
    async with house.db.transaction() as tx:
        await tx.execute("UPDATE ticket SET status = 'done' WHERE id = $1", chat.ticket_id)
    await house.release(BODY)
    house.asking.floor.clock.set(NOON)
    await house.passes()
    (one,) = await house.invitations()
    own = [one["identity_id"]]
    async with house.db.transaction() as tx:
        assert await nps.visitor_question(tx, own, house.now) == one["id"]
        assert await nps.invited(tx, one["id"], house.now) is not None
        assert await nps.visitor_question(tx, own, house.now) == one["id"]
        await nps.decline(tx, one["id"], house.now)
        assert await nps.visitor_question(tx, own, house.now) is None
    assert (await house.invitations())[0]["asked_at"] == house.now


async def test_a_run_that_is_stopped_asks_nobody_else(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    for who in ("a@example.com", "b@example.com", "c@example.com"):
        await house.mailed(who, "发票怎么开", lin)
    await house.release(BODY)
    house.asking.floor.clock.set(NOON)
    await house.passes()
    run_id = (await house.run())["id"]
    async with house.db.transaction() as tx:
        await nps.stop(tx, run_id, by="agent:x", now=house.now)
    await house.passes(timedelta(minutes=5))
    assert sorted(row["state"] for row in await house.invitations()) == ["asked", "asked", "spared"]
    async with house.db.transaction() as tx:
        with pytest.raises(Conflict):
            await nps.stop(tx, run_id, by="agent:x", now=house.now)
        again = await nps.begin(
            tx, "default", msgspec.convert(BODY, NpsDocument), "s", "2026-03-02", by="agent:x", now=house.now
        )
    assert again is None
    await house.asking.floor.settle()
    await house.told("nps.stopped")


async def test_a_condition_that_fails_holds_no_run_up(house: Campaigning, monkeypatch: pytest.MonkeyPatch) -> None:
    lin = await house.asking.floor.hire("林一")
    for who in ("a@example.com", "b@example.com", "c@example.com"):
        await house.mailed(who, "发票怎么开", lin)
    await house.release(BODY)
    judged: list[object] = []

    def fragile(_: object) -> Any:
        def holds(facts: object) -> bool:
            judged.append(facts)
            if len(judged) < 3:
                raise RuntimeError("broken under the hood")
            return True

        return holds

    monkeypatch.setattr(choosing, "compile_closure", fragile)
    monkeypatch.setattr(service, "_LOOKED_AT_ONCE", 1)  # a batch each, and people are told once all the same
    house.asking.floor.clock.set(NOON)
    await house.passes()
    run = await house.run()
    assert (run["state"], run["considered"], run["spared"]) == ("asking", 3, {"failed": 2})
    assert [row["state"] for row in await house.invitations()] == ["asked"]
    await house.asking.floor.settle()
    (fault,) = await house.db.pool.fetch("SELECT data FROM event WHERE kind = 'rule.failed'")
    assert (fault["data"]["kind"], fault["data"]["rule"], fault["data"]["name"]) == ("nps_campaign", "when", "default")


async def test_a_run_whose_rules_cannot_be_read_any_more_ends_and_is_told(house: Campaigning) -> None:
    await house.release(BODY)
    house.asking.floor.clock.set(NOON)
    await house.asking.floor.pass_time(timedelta(0))
    await house.db.pool.execute('UPDATE nps_run SET rules = \'{"no": "more"}\'')
    await house.work()
    assert (await house.run())["state"] == "stopped"
    await house.asking.floor.settle()
    assert (await house.asking.floor.kinds()).count("rule.failed") == 1


async def test_a_campaign_may_be_for_a_segment(house: Campaigning) -> None:
    lin = await house.asking.floor.hire("林一")
    for who in ("a@example.com", "b@example.com"):
        done = await house.mailed(who, "发票怎么开", lin)
    person = await house.db.pool.fetchval("SELECT contact_id FROM conversation WHERE id = $1", done.conversation_id)
    await house.db.pool.execute("INSERT INTO segment_member VALUES ('silent', $1, $2)", person, house.now)
    await house.passes(timedelta(hours=2))
    await house.passes(timedelta(days=3))
    when = {"field": "segment", "op": "contains", "value": "silent"}
    document = msgspec.convert({**BODY, "when": when}, NpsDocument)
    async with house.db.read() as tx:
        reach = await nps.preview(tx, document, "2026-03-02", house.now)
    assert (reach.asked, reach.spared) == (1, {"condition": 1})
