"""Conditions that name a value follow when it is called something else: in force at once, drafts as drafts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.records.config.test_service import BY, Desk
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.conditions import Field, FieldSet, FieldType, contradiction, parse
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Body, Configuration, Kind, Kinds, Pick, rename_value, who_names

FIELDS = FieldSet([Field("tags", FieldType.LIST, "标签", "tags"), Field("subject", FieldType.TEXT, "标题", "subject")])


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    when: dict[str, Any]
    title: str = ""


def check(rule: Rule) -> None:
    if reason := contradiction(parse(rule.when, FIELDS)):
        raise Invalid(reason, "when")


RULE = Kind("rule", Rule, check, fields=FIELDS)
OTHER = Kind("other", Rule, fields=None)


def asks(*tags: str, op: str = "in") -> dict[str, Any]:
    return {"field": "tags", "op": op, "value": list(tags)}


@pytest.fixture
def desk(db: Database, clock: FakeClock) -> Desk:
    made = Desk(db, clock)
    made.configuration = Configuration(Kinds([RULE, OTHER]))
    return made


async def rename(desk: Desk, before: str, after: str) -> list[str]:
    async with desk.db.transaction() as tx:
        refs = await rename_value(
            tx, desk.configuration, "tags", before, after, by=BY, now=desk.now(), note="标签改名"
        )  # fmt: skip
    return [f"{ref.kind}/{ref.name}" for ref in refs]


async def newest(desk: Desk, name: str) -> Body | None:
    async with desk.db.read() as tx:
        return (await desk.configuration.history(tx, "rule", name))[0].body


async def test_rules_in_force_name_the_new_one_in_one_release(desk: Desk) -> None:
    deep = {"all": [{"not": asks("漏水", "滤芯漏水")}, {"field": "subject", "op": "contains", "value": ["漏水"]}]}
    await desk.save("rule", "one", {"when": deep, "title": "漏水"})
    await desk.save("rule", "two", {"when": asks("大促")})
    await desk.save("other", "three", {"when": asks("漏水")})
    await desk.release()
    async with desk.db.read() as tx:
        named = {tag: [d.name for d in docs] for tag, docs in (
            await who_names(tx, desk.configuration.kinds, "tags")).items()}  # fmt: skip
    assert named == {"漏水": ["one"], "滤芯漏水": ["one"], "大促": ["two"]}
    assert await rename(desk, "漏水", "滤芯漏水") == ["rule/one"]
    after = await desk.published()
    one = after.get(RULE, "one")
    assert (one.when["all"][0], one.when["all"][1]["value"], one.title) == ({"not": asks("滤芯漏水")}, ["漏水"], "漏水")
    assert (after.number, after.get(RULE, "two").when) == (2, asks("大促"))
    assert after.document("other", "three").version == 1
    assert await rename(desk, "漏水", "别的") == []
    assert (await desk.published()).number == 2


async def test_what_is_not_released_yet_stays_a_draft_under_the_new_name(desk: Desk) -> None:
    for name in ("one", "going"):
        await desk.save("rule", name, {"when": asks("漏水")})
    await desk.release()
    await desk.save("rule", "one", {"when": asks("漏水", "大促"), "title": "新的"})
    await desk.save("rule", "only_draft", {"when": asks("漏水")})
    async with desk.db.transaction() as tx:
        await desk.configuration.remove(tx, "rule", "going", by=BY, now=desk.now())
    assert await rename(desk, "漏水", "渗水") == ["rule/going", "rule/one"]
    after = await desk.published()
    assert {name: rule.when for name, rule in after.all(RULE).items()} == {
        "going": asks("渗水"), "one": asks("渗水"),
    }  # fmt: skip
    assert await newest(desk, "one") == {"when": asks("渗水", "大促"), "title": "新的"}
    assert (await newest(desk, "going"), await newest(desk, "only_draft")) == (None, {"when": asks("渗水")})
    async with desk.db.read() as tx:
        drafts = {(d.name, d.after is None) for d in await desk.configuration.drafts(tx)}
    assert drafts == {("one", False), ("only_draft", False), ("going", True)}
    await desk.release(Pick("rule", "one", after.document("rule", "one").version + 1))


async def test_a_rule_that_would_make_no_sense_is_named(desk: Desk) -> None:
    both = {"all": [asks("漏水"), asks("滤芯漏水", op="not_in")]}
    await desk.save("rule", "one", {"when": both})
    await desk.release()
    with pytest.raises(Invalid) as refused:
        await rename(desk, "漏水", "滤芯漏水")
    assert refused.value.field == "rule/one: when"
    assert (await desk.published()).get(RULE, "one").when == both
