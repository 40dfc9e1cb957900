"""A rule that still fails at run time holds up no ticket: it is skipped, journaled, and people are told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.app.rules import KINDS, house_rules
from yizhan.desk.notices import notice_reader
from yizhan.desk.priority import Prioritiser, priority_book
from yizhan.desk.routing import helping
from yizhan.desk.routing import rules as routing_rules
from yizhan.desk.sla import library, sla_reader
from yizhan.desk.triage import triage_book, triage_reader
from yizhan.desk.words import WordListener, listening, word_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.conditions import Condition, compile_closure, fields_used
from yizhan.foundation.db import Database
from yizhan.foundation.journal import Feed
from yizhan.records.config import Configuration, Rulings, failed_rules

SOON = {"name": {"zh": "会员", "en": "Members"}, "calendar": "default", "order": 1}
TARGETS = {"any": {"first_response": {"minutes": 5}}}


def boom(*_: object, **__: object) -> Any:
    raise RuntimeError("broken under the hood")


def break_first(book: Rulings[Any, Any], inbox: Any, team: Any, check: str) -> None:
    """The first rule of a place raises when it is asked; the others stay."""
    made = book.of(inbox, team)
    first, *rest = made.rules
    broken = msgspec.structs.replace(first, **{check: boom})
    book._made[inbox, team] = msgspec.structs.replace(made, rules=(broken, *rest))


async def failures(floor: Floor) -> list[Mapping[str, Any]]:
    await floor.sequencer.drain()
    return [dict(row["data"]) for row in await floor.db.pool.fetch(
        "SELECT data FROM event WHERE kind = 'rule.failed' ORDER BY pos")]  # fmt: skip


async def test_a_ticket_goes_on_where_each_kind_of_rule_fails(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Configuration(KINDS)
    async with db.transaction() as tx:
        await config.save(tx, "sla_policy", "soon", {**SOON, "targets": TARGETS}, by="test", now=clock.now())
        await config.ensure_defaults(tx, by="test", now=clock.now())
        await config.release(tx, by="test", now=clock.now())
    async with db.read() as tx:
        published = await config.published(tx)
    floor = await open_floor(db, clock)
    shop = floor.shop
    triage, words, priority = triage_book(), word_book(), priority_book()
    break_first(triage, shop.chat, shop.team, "check")
    break_first(priority, shop.chat, shop.team, "holds")
    monkeypatch.setattr(listening, "hear", boom)
    always: list[Condition] = []

    def closure(condition: Condition) -> Any:
        always.append(condition)
        return boom if len(always) == 1 else compile_closure(condition)  # the first policy by its order

    monkeypatch.setattr(library, "compile_closure", closure)
    floor.readers[:] = [
        triage_reader(db, clock, triage, judges=(WordListener(words), Prioritiser(priority))),
        sla_reader(db, clock, lambda: published), notice_reader(db, clock),
    ]  # fmt: skip
    lin = await floor.hire("林一")
    done = await floor.says("v1", "我要退款")
    assert await floor.agent_of(done) == lin
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["ready"], ticket["type"]) == (True, "refund")
    promised = await db.pool.fetchval("SELECT policy FROM sla_target WHERE ticket_id = $1 LIMIT 1", done.ticket_id)
    assert promised == "default"
    kinds = ["priority_rules", "sla_policy", "triage", "words"]
    assert sorted(each["kind"] for each in await failures(floor)) == kinds
    assert all("broken under the hood" in str(each["error"]) for each in await failures(floor))
    await floor.says("v2", "我也要退款")
    assert sorted(each["kind"] for each in await failures(floor)) == kinds
    assert not any(fields_used(each) for each in always[:1])
    # Another process, or the same after a restart, fails as well: counted, and told to nobody again.
    after = priority_book()
    break_first(after, shop.chat, shop.team, "holds")
    floor.readers[0] = triage_reader(db, clock, triage, judges=(WordListener(words), Prioritiser(after)))
    clock.advance(timedelta(minutes=2))
    await floor.says("v3", "还有我")
    assert sorted(each["kind"] for each in await failures(floor)) == kinds
    async with db.read() as tx:
        counted = {each.kind: each.times for each in await failed_rules(tx, clock.now() - timedelta(days=1))}
    assert counted["priority_rules"] >= 2
    assert counted["words"] == 3


async def test_documents_that_cannot_be_compiled_are_left_out_at_the_switch(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = await open_floor(db, clock)
    team = floor.shop.team
    config = Configuration(KINDS)
    async with db.transaction() as tx:
        await config.ensure_defaults(tx, by="test", now=clock.now())
        quick = {"teams": [str(team)], "red_s": 7, "move_s": 9}
        await config.save(tx, "routing", "night", quick, by="test", now=clock.now())
        helper = {"team": str(team), "steps": [{"team": str(floor.shop.chat), "wait_s": 60}]}
        await config.save(tx, "overflow", "rush", helper, by="test", now=clock.now())
        await config.release(tx, by="test", now=clock.now())
    compiled = routing_rules.compile_routing

    def fragile(documents: Sequence[Any], source: str) -> Any:
        return boom() if "night" in source else compiled(documents, source)

    feed = Feed(db)
    await feed.start()
    rules = house_rules(db, feed)
    monkeypatch.setattr(rules.routing, "_compile", fragile)
    monkeypatch.setattr(helping, "compile_chain", boom)
    await rules.begin(db, clock)
    assert rules.routing.of(None, team).red == rules.routing.of().red
    assert rules.overflow.chains == []
    told = await failures(floor)
    assert sorted((each["kind"], each["name"]) for each in told) == [("overflow", "rush"), ("routing", "night")]
    await rules.live.tell(clock.now())
    assert await failures(floor) == told
