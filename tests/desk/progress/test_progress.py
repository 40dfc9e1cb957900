"""The customer is told where his ticket is: once, in his words, where the house asks for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.sla.office import HOUR, Office, open_office
from yizhan.desk import progress
from yizhan.desk.intake import Accepted
from yizhan.desk.progress import PROGRESS, Step, progress_book, progress_of
from yizhan.desk.progress.policy import step_of
from yizhan.desk.routing import assign_ticket
from yizhan.desk.words import word_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Entry
from yizhan.records.config import Configuration, Kinds
from yizhan.records.tickets import Action, By

SOON = timedelta(seconds=2)
SAID = timedelta(seconds=62)  # when a step is said, if somebody of us did not say it first


async def told_office(db: Database, clock: FakeClock, body: dict[str, Any] | None) -> Office:
    office = await open_office(db, clock)
    book = progress_book()
    configuration = Configuration(Kinds([PROGRESS]))
    if body is not None:
        async with db.transaction() as tx:
            await configuration.save(tx, "progress", "default", body, by="test", now=clock.now())
            await configuration.release(tx, by="test", now=clock.now())
            book.take(await configuration.published(tx))
    office.floor.readers.append(progress.progress_reader(db, clock, book))
    progress.register_timers(office.floor.timers, book, word_book())
    return office


async def lines(office: Office) -> list[tuple[str, str]]:
    rows = await office.db.pool.fetch(
        "SELECT direction, payload->>'step' AS step FROM message WHERE payload->>'code' = 'progress' ORDER BY id"
    )
    return [(row["direction"], row["step"]) for row in rows]


async def story(office: Office, *, mail: bool) -> Accepted:
    lin, su = await office.floor.hire("林一"), await office.floor.hire("苏瑾")
    done = await office.floor.says("v1", "滤芯漏水怎么办", mail=mail)
    assert done.ticket_id is not None
    await office.floor.pass_time(SAID)
    first = (await office.floor.row("ticket", done.ticket_id))["agent_id"]
    other = su if first == lin else lin
    if mail:
        async with office.db.transaction() as tx:
            by = By("agent:x")
            await assign_ticket(tx, done.ticket_id, agent_id=other, team_id=None, note="转专人", by=by, now=office.now)
        await office.floor.settle()
        await office.floor.pass_time(SAID)
    await office.moves(done, other, Action.SOLVE)
    await office.floor.pass_time(HOUR)
    await office.moves(done, other, Action.CONFIRM)
    await office.floor.pass_time(SAID)
    return done


async def test_a_mail_is_told_every_step_as_it_ships(db: Database, clock: FakeClock) -> None:
    office = await told_office(db, clock, None)
    done = await story(office, mail=True)
    steps = ["accepted", "transferred", "solution", "done"]
    assert await lines(office) == [("out", step) for step in steps]
    rows = await db.pool.fetch("SELECT m.text, m.kind, m.author FROM message m JOIN outbound o ON o.message_id = m.id "
                               "WHERE m.payload->>'code' = 'progress' ORDER BY m.id")  # fmt: skip
    assert [(row["kind"], row["author"]) for row in rows] == [("notice", "system")] * 4
    number = (await office.floor.row("ticket", done.ticket_id))["number"]
    assert all(f"#{number}" in row["text"] for row in rows)
    async with db.read() as tx:
        (shown,) = await progress_of(tx, [done.ticket_id] if done.ticket_id else [])
    assert [str(each.step) for each in shown.steps] == steps
    assert (shown.status, shown.number) == ("done", number)


async def test_a_house_that_wants_none_has_none(db: Database, clock: FakeClock) -> None:
    office = await told_office(db, clock, {"steps": []})
    await story(office, mail=True)
    assert await lines(office) == []
    assert not await db.pool.fetchval("SELECT count(*) FROM timer WHERE kind = $1", progress.TELL)


async def test_what_is_solved_in_a_chat_is_not_told_again(db: Database, clock: FakeClock) -> None:
    office = await told_office(db, clock, None)
    done = await story(office, mail=False)
    assert await lines(office) == []
    await db.pool.execute("UPDATE ticket SET status = 'open' WHERE id = $1", done.ticket_id)
    await db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $2 WHERE ticket_id = $1",
                          done.ticket_id, office.now - 2 * HOUR)  # fmt: skip
    lin = (await office.floor.row("ticket", done.ticket_id))["agent_id"]
    assert isinstance(lin, UUID)
    await office.moves(done, lin, Action.SOLVE)  # later, when nobody looks at the chat any more
    await office.floor.pass_time(SAID)
    await office.moves(done, lin, Action.CONFIRM)
    await office.floor.pass_time(SAID)
    assert await lines(office) == [("system", "solution"), ("system", "done")]


async def test_whoever_just_wrote_himself_is_not_repeated(db: Database, clock: FakeClock) -> None:
    office = await told_office(db, clock, None)
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "滤芯漏水怎么办", mail=True)
    await office.floor.pass_time(SOON)
    await office.answers(done, lin, "我来处理,稍后给您方案")
    await office.floor.pass_time(SAID)
    await office.answers(done, lin, "滤芯已补发,明天送到")
    await office.moves(done, lin, Action.SOLVE)
    await office.floor.pass_time(SAID)
    assert await lines(office) == []


@pytest.mark.parametrize(("actor", "data", "step"), [
    ("router", {"from": None, "to": "a"}, Step.ACCEPTED),
    ("agent:x", {"from": "a", "to": "b", "team": "t"}, Step.TRANSFERRED),
    ("router", {"from": "a", "to": "b", "team": "t"}, None),
    ("timer:sla.step", {"from": "a", "to": None, "team": "t"}, Step.TRANSFERRED),
    ("agent:x", {"from": "a", "to": "a"}, None),
])  # fmt: skip
def test_whom_the_router_finds_does_not_concern_the_customer(
    actor: str, data: dict[str, Any], step: Step | None
) -> None:
    blank = dict.fromkeys(Entry.__struct_fields__)
    entry = Entry(**{**blank, "kind": "ticket.assigned", "actor": actor, "data": data})  # type: ignore[arg-type]
    assert step_of(entry) is step


async def test_words_that_may_not_leave_the_house_stay_in_a_template_too(db: Database, clock: FakeClock) -> None:
    """The subject is the customer's own: his words are not repeated to him in our name."""
    office = await told_office(db, clock, {"steps": ["accepted"]})
    await office.floor.hire("林一")
    await office.floor.says("v1", "你们客服是不是傻逼啊", mail=True)
    await office.floor.pass_time(SAID)
    assert await lines(office) == [("out", "accepted")]
    said = await db.pool.fetchval("SELECT text FROM message WHERE payload->>'code' = 'progress'")
    assert ("傻逼" in said, "「…」" in said) == (False, True)
    await office.floor.settle()
    assert not await db.pool.fetchval("SELECT count(*) FROM event WHERE kind = 'rule.failed'")
    body = {"words": {"done": {"zh": "已完成,加微信领券", "en": "done"}}}
    with pytest.raises(Invalid) as refused:
        async with db.transaction() as tx:
            await Configuration(Kinds([PROGRESS])).save(tx, "progress", "x", body, by="test", now=clock.now())
    assert refused.value.field == "words.done.zh"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"words": {"done": {"zh": "{order} 完成", "en": "done"}}}, "words.done.zh"),
        ({"words": {"done": {"zh": "完成", "en": "done {"}}}, "words.done.en"),
    ],
)
def test_a_gap_nobody_fills_is_refused(body: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        PROGRESS.decode(body)
    assert refused.value.field == place
