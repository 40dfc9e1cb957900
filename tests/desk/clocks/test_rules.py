"""The clocks' spans as released documents: what ships, what an inbox or a team says over it, what is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import clocks, serving
from yizhan.desk.clocks import CLOCKS, ClockRules, clock_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Body, Configuration, Kinds
from yizhan.records.conversations import Draft

MINUTE = timedelta(minutes=1)


async def release(floor: Floor, configuration: Configuration, **documents: Body) -> None:
    async with floor.db.transaction() as tx:
        for name, body in documents.items():
            await configuration.save(tx, "clocks", name, body, by="test", now=floor.clock.now())
        await configuration.release(tx, by="test", now=floor.clock.now())


def test_what_ships_is_what_is_built_in() -> None:
    shipped = msgspec.to_builtins(CLOCKS.default)
    assert CLOCKS.decode(shipped) == CLOCKS.default
    rules = clock_book().of()
    assert (rules.prompt_after, rules.sleep_after, rules.left_grace) == (3 * MINUTE, 5 * MINUTE, 3 * MINUTE)
    assert rules.end_after == {"default": 15 * MINUTE, "wechat": timedelta(hours=2)}
    assert rules.source == "built-in"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"prompt_s": 0}, "prompt_s"),
        ({"prompt_s": "3 min"}, "prompt_s"),
        ({"end_s": {"Web Chat": 900}}, "end_s"),
        ({"never_confirmed": ["Rant!"]}, "never_confirmed[...]"),
        ({"promt_s": 180}, None),
    ],
)
def test_a_wrong_part_is_named(body: Body, field: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        CLOCKS.decode(body)
    assert field is None or (refused.value.field or "").startswith(field.removesuffix("[...]"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"prompt_s": 400}, "asked before"), ({"end_s": {"webchat": 60}}, "sleeps before"),
        ({"busy_line_s": 200}, "after the first line"),
    ],
)  # fmt: skip
async def test_steps_out_of_order_are_refused(db: Database, clock: FakeClock, body: Body, says: str) -> None:
    floor = await open_floor(db, clock)
    with pytest.raises(Invalid, match=says):
        await release(floor, Configuration(Kinds([CLOCKS])), default=body)


async def test_an_inbox_has_its_own_times_from_the_release_on(db: Database, clock: FakeClock) -> None:
    book = clock_book()
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock, book)])
    clocks.register_timers(floor.timers, book)
    configuration = Configuration(Kinds([CLOCKS]))
    chat = str(floor.shop.chat)
    await release(floor, configuration, site={"inboxes": [chat], "prompt_s": 60, "end_s": {"webchat": 600}})
    async with db.read() as tx:
        book.take(await configuration.published(tx))
    told: ClockRules = book.of(floor.shop.chat, floor.shop.team)
    assert (told.source, told.end_after["wechat"]) == ("clocks/site@1", timedelta(hours=2))
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    assert done.conversation_id is not None
    async with db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{lin}", text="看图")
        await serving.reply(tx, done.conversation_id, draft, now=clock.now())
    await floor.settle()
    await floor.pass_time(MINUTE)
    assert await said(floor, done.conversation_id) == ["请问还在吗?"]
    await floor.pass_time(9 * MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["end_reason"] == "timeout"
    evidence = "SELECT evidence->>'rules' FROM note WHERE ticket_id = $1 AND action = 'solve'"
    assert await db.pool.fetchval(evidence, done.ticket_id) == "clocks/site@1"


async def said(floor: Floor, conversation_id: UUID) -> list[str]:
    query = "SELECT text FROM message WHERE conversation_id = $1 AND author = 'system' ORDER BY id"
    return [r["text"] for r in await floor.db.pool.fetch(query, conversation_id)]


async def test_who_waits_for_anybody_too_long_is_told_of(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock)])
    clocks.register_timers(floor.timers)
    await floor.says("v1", "有人吗")
    await floor.pass_time(MINUTE)
    row = await db.pool.fetchrow("SELECT data FROM event WHERE kind = 'conversation.overdue'")
    assert row is not None
    assert row["data"] == {"what": "queue", "seconds": 60}
