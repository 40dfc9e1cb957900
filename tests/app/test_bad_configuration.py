"""Bad configuration is explained when it is saved: every fault with its place and what to do, in both languages; what
may be meant is saved and told. One table of all."""

# ruff: noqa: E501 - one fault a line

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from yizhan.app.rules import KINDS
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Configuration, Places, in_chinese

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
CARE, CHAT, EMPTY = UUID(int=1), UUID(int=2), UUID(int=3)
PLACES = Places(
    teams=frozenset({CARE, CHAT, EMPTY}), inboxes=frozenset({UUID(int=9)}), skills=frozenset({"english", "mail"}),
    held=frozenset({"english"}),
    keys={
        "team": frozenset({"care", "chat", "empty"}), "brand": frozenset({"home"}), "inbox": frozenset({"web", "box"}),
        "role": frozenset({"admin"}), "skill": frozenset({"english", "mail"}),
        "staffed": frozenset({"care", "chat", str(CARE), str(CHAT)}),
    },
)  # fmt: skip

Body = dict[str, Any]


def is_(field: str, value: object, op: str = "eq") -> Body:
    return {"field": field, "op": op, "value": value}


def sla(**more: Any) -> Body:
    body: Body = {"name": {"zh": "甲", "en": "A"}, "calendar": "default", "order": 5}
    return body | {"targets": {"any": {"first_response": {"minutes": 30}, "resolution": {"minutes": 60}}}} | more


def step(at: str, do: str, **more: Any) -> Body:
    return {"at": at, "do": do, **more}


def rule(**more: Any) -> Body:
    return {"rules": [{"key": "vip", "priority": 3, "when": is_("level", 1, "gte")} | more]}


def sorts(*rules: Body) -> Body:
    return {"rules": [{"key": f"r{n}", "priority": 3, **each} for n, each in enumerate(rules)]}


def helps(team: UUID, *steps: Body, **more: Any) -> Body:
    return {"team": str(team), "steps": list(steps)} | more


def calendar(**weekly: list[str]) -> Body:
    return {"tz": "Asia/Shanghai", "weekly": weekly}


def alert(**more: Any) -> Body:
    return {"name": {"zh": "甲", "en": "A"}, "metric": "queue_length", "above": 10} | more


def form(*rows: Body) -> Body:
    return {"rows": list(rows)}


CHAT_HELPS = {"team": str(CHAT), "wait_s": 60}
BOTH = [is_("type", "refund"), is_("type", "praise")]
NIGHT_HELPS_CARE = ("overflow", "night", helps(CHAT, {"team": str(CARE), "wait_s": 60}))
TO_CARE = ("sla_policy", "b", sla(when=is_("team", "chat"), escalation=[step("breach", "move", team="care")]))
Others = tuple[tuple[str, str, Body], ...]


def known(**said: Any) -> Body:
    return {"fields": [{"key": "city", "zh": "城市", "en": "City", **said}]}


REFUSED: list[tuple[str, Body, str, str, Others]] = [
    # conditions that no ticket can fulfil, by values, intervals, sets, and over the whole tree
    ("sla_policy", sla(when=BOTH), "when", "type cannot be refund and praise at once", ()),
    ("sla_policy", sla(when=[is_("priority", 3, "gt"), {"not": is_("priority", 2, "gt")}]), "when", "cannot be above", ()),
    ("sla_policy", sla(when=is_("priority", 9)), "when", "priority is never 9", ()),
    ("sla_policy", sla(when=is_("chases", 0, "lt")), "when", "chases is never below 0", ()),
    ("priority_rules", rule(when={"any": [BOTH, {"not": {}}]}), "rules[0].when", "no ticket can ever", ()),
    ("triage", sorts({"when": [is_("tags", "a", "contains"), is_("tags", ["a"], "not_in")]}), "rules[0].when", "tags", ()),
    ("complaints", {"grading": [{"key": "k", "when": BOTH, "grade": "major", "title": "甲"}]},
     "grading[0].when", "no ticket can ever", ()),
    ("ticket_form", form({"field": "product", "when": BOTH}), "rows[0].when", "it would never be shown", ()),
    # unknown words
    ("sla_policy", sla(surprise=1), "", "unknown field `surprise`", ()),
    ("sla_policy", sla(when=is_("colour", 1)), "when.field", "unknown field colour", ()),
    ("sla_policy", sla(when=is_("priority", 1, "contains")), "when.op", "cannot be asked of", ()),
    ("sla_policy", sla(when=is_("team", "ghosts")), "when", "there is no team with the key ghosts", ()),
    ("priority_rules", rule(when=is_("brand", "gone")), "rules[0].when", "there is no brand with the key gone", ()),
    ("triage", sorts({"type": "gone"}), "rules[0].type", "there is no ticket type gone", ()),
    ("ticket_form", form({"field": "ghost"}), "rows[0].field", "there is no ticket field ghost", ()),
    # rules that go round
    ("priority_rules", {"rules": [
        {"key": "a", "priority": 3, "when": is_("priority", 2)}, {"key": "b", "priority": 2, "when": is_("priority", 3)},
    ]}, "rules[1]", "these rules go in a circle", ()),
    ("priority_rules", rule(priority=1, when=is_("priority", 3)), "rules[0]", "these rules go in a circle",
     (("triage", "default", sorts({"key": "up", "when": is_("priority", 1), "priority": 3})),)),
    ("priority_rules", rule(priority=2, when=is_("priority", 4)), "rules[0]", "these rules go in a circle: 紧急 → 中 → 高 → 紧急",
     (("sla_policy", "b", sla(escalation=[step("breach", "raise_priority")])),)),
    ("sla_policy", sla(when=is_("priority", 1), escalation=[step("breach", "raise_priority")]), "", "go in a circle: 中 → 低 → 中",
     (("priority_rules", "default", rule(priority=1, when=is_("priority", 2))),)),
    ("triage", sorts({"when": is_("type", "refund"), "type": "praise"}, {"when": is_("type", "praise"), "type": "refund"}),
     "rules[1]", "these rules go in a circle", ()),
    ("overflow", helps(CARE, CHAT_HELPS), "steps", "these overflow into each other", (NIGHT_HELPS_CARE,)),
    ("sla_policy", sla(when=is_("team", "care"), escalation=[step("breach", "move", team="chat")]), "escalation",
     "tickets would be moved in a circle", (TO_CARE,)),
    ("ticket_form", form({"field": "product", "when": is_("field.fault", "x", "contains")},
                         {"field": "fault", "when": is_("field.product", "x")}), "rows[0].when", "only by each other", ()),
    ("priority_rules", {"promotions": [{"after_minutes": 5, "from_priority": 3, "to_priority": 2}]},
     "promotions[0].to_priority", "waiting would lower", ()),
    # times that cannot be
    ("sla_policy", sla(targets={"any": {"first_response": {"minutes": 90}, "resolution": {"minutes": 60}}}),
     "targets.any.resolution", "before the first response", ()),
    ("sla_policy", sla(targets={"any": {"first_response": {"minutes": 90},
                                        "resolution": {"minutes": 60, "clock": "calendar"}}}),
     "targets.any.resolution", "before the first response", ()),
    ("sla_policy", sla(targets={"any": {"next_response": {"minutes": 90}, "resolution": {"minutes": 60}}}),
     "targets.any.resolution", "before the next response", ()),
    ("sla_policy", sla(warn={"minutes": 30}), "warn.minutes", "before the end is before the start", ()),
    ("sla_policy", sla(warn=None, escalation=[step("warning", "notify", to=["lead"])]), "escalation", "never comes", ()),
    ("sla_policy", sla(targets={}), "targets", "promises nothing", ()),
    ("sla_policy", sla(calendar=None), "targets.any.first_response", "working minutes need a calendar", ()),
    ("calendar", calendar(mon=[]), "weekly", "no working time at all", ()),
    ("calendar", calendar(mon=["09:00-12:00", "11:00-18:00"]), "weekly.mon", "spans of a day overlap", ()),
    ("calendar", calendar(mon=["22:00-06:00"], tue=["05:00-09:00"]), "weekly.tue", "they overlap", ()),
    ("calendar", calendar(mon=["09:00-09:00"]), "weekly.mon[0]", "no time between", ()),
    ("calendar", calendar(mon=["09:00-18:00"]) | {"holidays": ["2026-10-01"], "makeup_days": ["2026-10-01"]},
     "makeup_days.2026-10-01", "both a holiday and a make-up day", ()),
    ("priority_rules", rule(start="2026-11-12T00:00:00Z", end="2026-11-11T00:00:00Z"), "rules[0].end", "before it begins", ()),
    ("routing", {"skill_wait_s": 300, "skill_should_s": 200}, "skill_should_s", "before it is done without", ()),
    # nobody
    ("triage", sorts({"skills": ["mail"]}), "rules[0].skills[0]", "nobody who is active has the skill mail", ()),
    ("routing", {"skills": {"mail": {"level": 2}}}, "skills.mail", "nobody who is active has the skill mail", ()),
    ("overflow", helps(CARE, {"team": str(UUID(int=77)), "wait_s": 60}), "steps[0].team", "does not exist", ()),
    ("overflow", helps(CARE, {"team": str(CHAT)}), "steps[0]", "from how many waiting", ()),
    ("overflow", helps(CARE, {"team": str(CARE), "wait_s": 60}), "steps[0].team", "not itself", ()),
    ("overflow", helps(CARE, {**CHAT_HELPS, "waiting": 5}, back_waiting=5), "steps[0].waiting", "above the length", ()),
    # alerts and outlets
    ("alert_rule", alert(metric="ghost"), "metric", "there is no figure ghost", ()),
    ("alert_rule", alert(below=3), "above", "say one of both", ()),
    ("alert_rule", alert(recover=12), "recover", "out of bounds", ()),
    ("alert_rule", alert(to=[]), "to", "whom to tell?", ()),
    ("alert_rule", alert(scope="team", only=["ghosts"]), "only[0]", "there is no team with the key ghosts", ()),
    ("outlet", {"name": {"zh": "甲", "en": "A"}, "kind": "email"}, "inbox", "mail leaves by an e-mail inbox", ()),
    ("outlet", {"name": {"zh": "甲", "en": "A"}, "kind": "wecom", "quiet": {"start": "22:00", "end": "22:00"}}, "quiet",
     "quiet all day", ()),
    ("words", {"outgoing": [{"key": "a", "title": "甲", "level": "block", "words": []}]}, "outgoing[0].words", "", ()),
    ("complaints", {"products": [{"key": key, "title": {"zh": key, "en": key}, "words": ["净化器"]} for key in "ab"]},
     "products[1].words[0]", "is listed in a too", ()),
    # customers
    ("profile", known(key="level"), "fields[0].key", "every customer has a level already", ()),
    ("profile", known(type="choice"), "fields[0].options", "a field of choices", ()),
    ("profile", known(format="(["), "fields[0].format", "the format cannot be read", ()),
    ("profile", known(sources=["crm", "crm"]), "fields[0].sources", "stands here twice", ()),
    ("profile", {"time_zone": "Asia/Nowhere"}, "time_zone", "there is no time zone", ()),
]  # fmt: skip

FIRST = ("sla_policy", "a", sla(order=1))
TOLD: list[tuple[str, Body, str, str, Others]] = [
    ("overflow", helps(CARE, {"team": str(EMPTY), "wait_s": 60}), "steps[0].team", "nobody is in this team", ()),
    ("overflow", helps(CARE, {"team": str(CHAT), "waiting": 9}), "steps", "one customer alone", ()),
    ("sla_policy", sla(when=is_("team", "empty")), "when", "nobody is in this team", ()),
    ("sla_policy", sla(when=is_("type", "gone")), "when", "the ticket type gone does not exist", ()),
    ("sla_policy", sla(when=is_("type", "old")), "when", "the ticket type old is retired",
     (("ticket_types", "default", {"types": [{"key": "other", "zh": "其他", "en": "Other"},
                                             {"key": "old", "zh": "旧", "en": "Old", "retired": True}]}),)),
    ("sla_policy", sla(when={"any": [is_("type", "refund"), {"not": is_("type", "refund")}]}), "when", "every ticket", ()),
    ("sla_policy", sla(targets={"any": {"first_response": {"minutes": 90, "clock": "calendar"},
                                        "resolution": {"minutes": 60}}}),
     "targets.any.first_response", "may be due after the resolution", ()),
    ("sla_policy", sla(escalation=[step("breach", "move", team="empty")]), "escalation[0].team", "nobody", ()),
    ("sla_policy", sla(), "order", "this policy is never used", (FIRST,)),
    ("priority_rules", rule(end="2026-01-01T00:00:00Z"), "rules[0].end", "the campaign is over", ()),
    ("priority_rules", rule(start="2029-01-01T00:00:00Z"), "rules[0].start", "more than a year ahead", ()),
    ("routing", {"live_cap": 0}, "live_cap", "a limit of 0", ()),
    ("routing", {"weights": {"webchat": {"live": 9}}}, "weights.webchat", "more than anybody of 5 can carry", ()),
    ("calendar", calendar(mon=["09:00-18:00"]) | {"holidays": ["2026-03-01/2026-06-30"]}, "weekly", "no working time", ()),
    ("alert_rule", alert(on=False), "on", "nobody is told", ()),
    ("alert_rule", alert(level="critical", quiet={"start": "22:00", "end": "08:00", "critical_passes": False}), "quiet",
     "silent too", ()),
    ("profile", known(sources=["crm"]), "fields[0].sources", "what people write by hand comes after", ()),
    ("ticket_fields", {"fields": []}, "", "there is no ticket field product", (("ticket_form", "default", {"rows": [{"field": "product"}]}),)),
    ("overflow", helps(CARE, CHAT_HELPS), "", "are both for", (("overflow", "twin", helps(CARE, CHAT_HELPS)),)),
]  # fmt: skip


class _UndoneError(Exception):
    """Each line of the table stands alone."""


async def _save(tx: Tx, config: Configuration, kind: str, body: Body, others: Others) -> list[Advice]:
    for other, name, said in others:
        await config.save(tx, other, name, said, by="test", now=NOW)
    found: list[Advice] = []
    try:
        async with tx.transaction():
            name = "mine" if kind in ("sla_policy", "overflow") else "default"
            await config.save(tx, kind, name, body, by="test", now=NOW)
            found = await config.advice(tx, kind, name, body, NOW)
            raise _UndoneError
    except _UndoneError:
        return found


@pytest.mark.parametrize("level", ["refused", "told"])
async def test_every_fault_is_explained_when_it_is_saved(db: Database, level: str) -> None:
    async def look(tx: Tx) -> Places:
        return PLACES

    config = Configuration(KINDS, look)
    wrong: list[str] = []
    for kind, body, field, words, others in REFUSED if level == "refused" else TOLD:
        said: list[Advice] = []
        refused = False
        try:
            async with db.transaction() as tx:
                said = await _save(tx, config, kind, body, others)
                raise _UndoneError
        except _UndoneError:
            pass
        except Invalid as fault:
            refused, said = True, [Advice(fault.field or "", fault.message)]
        hit = [a for a in said if a.field == field and words in a.message]
        if refused != (level == "refused") or not hit:
            wrong.append(f"{kind} {field} {words!r}: refused={refused}, said {[(a.field, a.message) for a in said]}")
        wrong += [f"not in Chinese: {a.message}" for a in hit if in_chinese(a.message) is None]
    assert not wrong, "\n".join(wrong)


async def test_what_ships_needs_no_advice(db: Database) -> None:
    config = Configuration(KINDS, None)
    async with db.transaction() as tx:
        await config.ensure_defaults(tx, by="system", now=NOW)
        published = await config.published(tx)
        for document in published.documents():
            assert await config.advice(tx, document.kind, document.name, document.body or {}, NOW) == [], document.ref
