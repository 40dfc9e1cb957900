"""Rules that differ by inbox and team: which documents count, what they say together, and which contradict."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
import pytest
from msgspec import UNSET, UnsetType

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    Body,
    Configuration,
    Kind,
    Kinds,
    Places,
    Rulings,
    check_places,
    check_rulings,
    laid_over,
)

WEB, MAIL, CARE, SALES = (UUID(int=n) for n in range(1, 5))


class Spans(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    first: int | UnsetType = UNSET
    last: int | UnsetType = UNSET


class Rules(msgspec.Struct, frozen=True):
    first: int
    last: int
    source: str


def compile_spans(documents: Sequence[Spans], source: str) -> Rules:
    said = Spans(first=1, last=9)
    for document in documents:
        said = laid_over(said, document)
    assert isinstance(said.first, int)
    assert isinstance(said.last, int)
    if said.first >= said.last:
        raise Invalid("the last comes after the first", "last")
    return Rules(said.first, said.last, source)


async def look(tx: Tx) -> Places:
    return Places(frozenset({WEB}), frozenset({CARE, SALES}))


SPANS = Kind(
    "spans", Spans, verify=check_places, default=Spans(first=2),
    check_together=lambda documents: check_rulings("spans", documents, compile_spans),
)  # fmt: skip


class Desk:
    def __init__(self, db: Database, clock: FakeClock) -> None:
        self.db, self.clock, self.configuration = db, clock, Configuration(Kinds([SPANS]), look)

    async def put(self, name: str, body: Body) -> None:
        async with self.db.transaction() as tx:
            await self.configuration.save(tx, "spans", name, body, by="agent:x", now=self.clock.now())
            await self.configuration.release(tx, by="agent:x", now=self.clock.now())

    async def rulings(self) -> Rulings[Spans, Rules]:
        made = Rulings(SPANS, compile_spans)
        async with self.db.read() as tx:
            made.take(await self.configuration.published(tx))
        return made


@pytest.fixture
def desk(db: Database, clock: FakeClock) -> Desk:
    return Desk(db, clock)


def test_without_a_release_the_rules_are_the_built_in_ones() -> None:
    assert Rulings(SPANS, compile_spans).of(WEB, CARE) == Rules(1, 9, "built-in")


async def test_a_new_house_begins_with_the_defaults_and_keeps_its_own(desk: Desk, db: Database) -> None:
    for release in (1, None):
        async with db.transaction() as tx:
            made = await desk.configuration.ensure_defaults(tx, by="system", now=desk.clock.now())
        assert (made.number if made else None) == release
    assert (await desk.rulings()).of() == Rules(2, 9, "spans/default@1")
    async with db.transaction() as tx:
        await desk.configuration.remove(tx, "spans", "default", by="agent:x", now=desk.clock.now())
        await desk.configuration.release(tx, by="agent:x", now=desk.clock.now())
        assert await desk.configuration.ensure_defaults(tx, by="system", now=desk.clock.now()) is None
    assert (await desk.rulings()).of() == Rules(1, 9, "built-in")


async def test_the_inbox_speaks_over_the_team_and_the_team_over_the_house(desk: Desk) -> None:
    await desk.put("default", {"first": 2})
    await desk.put("care", {"teams": [str(CARE)], "first": 3, "last": 7})
    await desk.put("site", {"inboxes": [str(WEB)], "first": 4})
    rules = await desk.rulings()
    assert rules.of(MAIL, SALES) == Rules(2, 9, "spans/default@1")
    assert rules.of(MAIL, CARE) == Rules(3, 7, "spans/default@1+care@1")
    assert rules.of(WEB, CARE) == Rules(4, 7, "spans/default@1+care@1+site@1")
    assert rules.of(WEB) == Rules(4, 9, "spans/default@1+site@1")


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("other", {"teams": [str(CARE)]}, "both for"),
        ("nobody", {"first": 3}, "neither"),
        ("default", {"teams": [str(CARE)]}, "whole house"),
        ("late", {"teams": [str(SALES)], "first": 20}, "the last comes after the first"),
        ("letters", {"inboxes": [str(MAIL)]}, "does not exist"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_explained(desk: Desk, name: str, body: Body, says: str) -> None:
    await desk.put("care", {"teams": [str(CARE)], "first": 3})
    with pytest.raises(Invalid, match=says):
        await desk.put(name, body)
    assert (await desk.rulings()).of(None, CARE).first == 3
