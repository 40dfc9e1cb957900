"""A policy is read, its faults are explained where they stand, and only together some of them show."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.desk.sla.office import KINDS, OFFICE, PLAIN
from yizhan.desk.sla import SLA_POLICY, STANDARD, TargetKind
from yizhan.desk.sla.documents import SlaPolicy
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.records.config import CALENDAR, Configuration, Places

NOTIFY = {"at": "breach", "do": "notify", "to": ["handler"]}
MOVE = {"at": "breach", "do": "move", "team": "l2"}


def policy(**changes: Any) -> SlaPolicy:
    return SLA_POLICY.decode({**PLAIN, **changes})


def promised(minutes: int, **more: object) -> dict[str, Any]:
    return {"any": {"first_response": {"minutes": minutes, **more}}}


def test_the_standard_is_a_policy_like_any_other() -> None:
    assert SLA_POLICY.decode(msgspec.to_builtins(STANDARD)) == STANDARD
    assert CALENDAR.decode(msgspec.to_builtins(CALENDAR.default)) == CALENDAR.default
    allowance = STANDARD.allowance(4, TargetKind.FIRST_RESPONSE)
    assert allowance
    assert allowance.minutes == 10


def test_a_priority_that_is_not_named_has_what_any_has() -> None:
    plain = policy()
    minutes = [plain.allowance(priority, TargetKind.RESOLUTION) for priority in (1, 2, 3, 4)]
    assert [each and each.minutes for each in minutes] == [480, 480, 120, 480]
    assert policy(targets={"high": {"resolution": {"minutes": 5}}}).allowance(1, TargetKind.RESOLUTION) is None


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"name": {"zh": " ", "en": "x"}}, "name.zh", "match"),
        ({"colour": "red"}, "", "unknown field"),
        ({"when": [{"field": "tpye", "op": "eq", "value": "x"}]}, "when.[0].field", "unknown field tpye"),
        ({"when": {"all": [
            {"field": "type", "op": "eq", "value": "refund"}, {"field": "type", "op": "eq", "value": "praise"},
        ]}}, "when", "type cannot be refund and praise at once"),
        ({"targets": {}}, "targets", "promises nothing"),
        ({"targets": {"any": {}}}, "targets.any", "nothing is promised"),
        ({"targets": {"top": {"resolution": {"minutes": 1}}}}, "targets", "Invalid enum value"),
        ({"targets": promised(0)}, "targets[...].first_response.minutes", ">= 1"),
        ({"calendar": None}, "targets.any.first_response", "working minutes need a calendar"),
        ({"targets": {"any": {"first_response": {"minutes": 60}, "resolution": {"minutes": 30}}}},
         "targets.any.resolution", "due after 30 minutes, before the first response"),
        ({"targets": {"low": promised(30)["any"], "urgent": promised(60)["any"]}}, "targets.urgent.first_response",
         "urgent would be allowed 60 minutes, more than low with 30"),
        ({"warn": {}}, "warn", "say one of both"),
        ({"warn": {"percent": 80, "minutes": 5}}, "warn", "say one of both"),
        ({"warn": {"percent": 100}}, "warn.percent", "<= 99"),
        ({"warn": {"minutes": 10}}, "warn.minutes", "high first_response is allowed 10 minutes"),
        ({"warn": None, "escalation": [{"at": "warning", "do": "call"}]}, "escalation", "never comes"),
        ({"escalation": [{"at": "later", "do": "call"}]}, "escalation[0].at", "match"),
        ({"escalation": [{"at": "+0", "do": "call"}]}, "escalation[0].at", "match"),
        ({"escalation": [{"at": "breach", "do": "notify"}]}, "escalation[0].to", "whom"),
        ({"escalation": [{**NOTIFY, "to": ["boss"]}]}, "escalation[0].to[0]", "match"),
        ({"escalation": [{**NOTIFY, "team": "l2"}]}, "escalation[0].team", "names its team"),
        ({"escalation": [{"at": "breach", "do": "move"}]}, "escalation[0].team", "names its team"),
        ({"escalation": [{**MOVE, "to": ["lead"]}]}, "escalation[0].to", "add a step that notifies"),
        ({"escalation": [MOVE, {**MOVE, "team": "l3"}]}, "escalation[1]", "moved to l2 and to l3"),
        ({"targets": promised(5), "escalation": [{**NOTIFY, "targets": ["resolution"]}]}, "escalation[0].targets",
         "promises no resolution"),
        ({"targets": {"urgent": promised(5)["any"]}, "escalation": [{"at": "breach", "do": "raise_priority"}]},
         "escalation[0]", "nothing is above urgent"),
        ({"when": {"field": "team", "op": "in", "value": ["l1", "l2"]}, "escalation": [MOVE]}, "escalation[0]",
         "moved to where they are"),
    ],
)  # fmt: skip
def test_faults_say_where_and_why(changes: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(Invalid, match=words.replace("(", r"\(")) as refusal:
        policy(**changes)
    assert (refusal.value.field or "") == path


def test_different_moves_for_different_promises_do_not_contradict() -> None:
    policy(escalation=[
        {**MOVE, "targets": ["first_response"]}, {**MOVE, "team": "l3", "targets": ["resolution"]},
        {**MOVE, "at": "+5"},
    ])  # fmt: skip


def of_team(start: str, *ends: str) -> SlaPolicy:
    return policy(
        when={"field": "team", "op": "eq", "value": start},
        escalation=[{"at": f"+{n + 1}", "do": "move", "team": end} for n, end in enumerate(ends)],
    )


def test_tickets_are_not_moved_in_a_circle() -> None:
    assert SLA_POLICY.check_together
    straight = {"a": of_team("l1", "l2", "l3"), "b": of_team("l2", "l3"), "c": policy(escalation=[MOVE])}
    SLA_POLICY.check_together(straight)
    with pytest.raises(Invalid, match="l1 → l2 → l3 → l1") as refusal:
        SLA_POLICY.check_together({"a": of_team("l1", "l2"), "b": of_team("l2", "l3"), "c": of_team("l3", "l1")})
    assert refusal.value.field == "sla_policy/a: escalation"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"escalation": [MOVE]}, "escalation[0].team"),
        ({"escalation": [{**NOTIFY, "to": ["handler", "role:boss"]}]}, "escalation[0].to[1]"),
        ({"when": {"not": {"field": "brand", "op": "in", "value": ["home", "hoem"]}}}, "when"),
        ({"when": {"any": [{"field": "team", "op": "eq", "value": "l9"}]}}, "when"),
    ],
)
def test_names_that_nobody_has_are_refused(changes: dict[str, Any], path: str) -> None:
    keys = {"team": {"l1"}, "role": {"agent"}, "brand": {"home"}, "inbox": set[str]()}
    places = Places(keys={what: frozenset(names) for what, names in keys.items()})
    assert SLA_POLICY.verify
    with pytest.raises(Invalid, match="there is no") as refusal:
        SLA_POLICY.verify(policy(**changes), places)
    assert refusal.value.field == path
    SLA_POLICY.verify(policy(**changes), Places())
    SLA_POLICY.verify(policy(escalation=[{**MOVE, "team": "l1"}]), places)


async def test_a_policy_needs_its_calendar_in_the_release(db: Database, clock: FakeClock) -> None:
    configuration = Configuration(KINDS)
    async with db.transaction() as tx:
        await configuration.save(tx, "sla_policy", "plain", PLAIN, by="test", now=clock.now())
        with pytest.raises(Invalid, match="refers to calendar office"):
            await configuration.release(tx, by="test", now=clock.now())
        await configuration.save(tx, "calendar", "office", OFFICE, by="test", now=clock.now())
        await configuration.release(tx, by="test", now=clock.now())


async def test_the_defaults_are_the_first_release(db: Database, clock: FakeClock) -> None:
    configuration = Configuration(KINDS)
    async with db.transaction() as tx:
        await configuration.ensure_defaults(tx, by="system", now=clock.now())
        published = await configuration.published(tx)
    assert published.get(SLA_POLICY, "default") == STANDARD


@pytest.mark.parametrize(
    ("warn", "seconds"),
    [({"percent": 80}, 1440), ({"minutes": 5}, 1500), (None, None), ({"percent": 1}, 18)],
)
def test_when_the_warning_comes(warn: dict[str, int] | None, seconds: int | None) -> None:
    assert policy(warn=warn).warn_seconds(1800) == seconds


