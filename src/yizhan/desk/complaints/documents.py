"""The document `complaints`: what makes a complaint graver, its clocks, the ladder, limits, and outside deadlines."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.views import OWN, WORK_FIELDS
from yizhan.foundation.conditions import Condition, Field, FieldSet, FieldType, parse
from yizhan.records.cases import Source
from yizhan.records.complaints import Grade, LadderStep

Words = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
RoleKey = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
Minutes = Annotated[int, Meta(ge=1, le=366 * 24 * 60)]
Recipient = Annotated[str, Meta(pattern=r"^(duty|lead|role:[a-z0-9_.-]{1,80}|team:[a-z0-9_.-]{1,80})$")]
Upper = Literal["lead", "supervisor", "specialist", "legal"]
GradeName = Literal["ordinary", "major", "crisis", "any"]

SAFETY = "safety"
FIELDS = FieldSet([
    *(field for field in WORK_FIELDS if field.name not in ("working_hours", "complaint_grade")),
    Field(SAFETY, FieldType.BOOL, "涉及人身安全", "safety is at stake"),
], loose=OWN)  # fmt: skip
"""`safety` is what triage found in what customers state: 没有冒烟 is none."""


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Words
    en: Words


class Clocks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Minutes of all time there is, from the moment the complaint is opened."""

    first_contact: Minutes = 2 * 60
    plan: Minutes = 24 * 60
    close: Minutes = 7 * 24 * 60


class Grading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that hold count: the gravest grade, every cause."""

    key: Key
    when: dict[str, Any] | list[Any] = {}
    grade: Grade
    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    enabled: bool = True


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Recognised by what the customer calls it."""

    key: Key
    title: Title
    words: Annotated[tuple[Words, ...], Meta(min_length=1, max_length=40)]


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    title: Title


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """So many people with one product within so many hours are a crisis."""

    cases: Annotated[int, Meta(ge=2, le=1000)] = 3
    hours: Annotated[int, Meta(ge=1, le=24 * 31)] = 24


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`who` may take over at this step: the first word that means somebody."""

    step: Upper
    who: Annotated[tuple[Recipient, ...], Meta(min_length=1, max_length=10)]


class ComplaintRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`clocks.any` is for grades not named. `limits` are whole yuan a role may grant for one matter; None is no limit.

    `climb_minutes` is how long a step has to end an overdue clock before the next one takes over; None: only the clock
    itself makes a complaint climb. `war_room` are who confer in a crisis, of each word one. `working_days` are those
    until an outside case is due, by `calendar`: without one, by public working days.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    clocks: dict[GradeName, Clocks] = {}
    warn_percent: Annotated[int, Meta(ge=1, le=99)] = 75
    climb: bool = True
    climb_minutes: Minutes | None = 240
    grading: Annotated[tuple[Grading, ...], Meta(max_length=100)] = ()
    group: Group = Group()
    products: Annotated[tuple[Product, ...], Meta(max_length=300)] = ()
    departments: Annotated[tuple[Department, ...], Meta(max_length=60)] = ()
    duty: tuple[Recipient, ...] = ("duty",)
    war_room: Annotated[tuple[Recipient, ...], Meta(max_length=10)] = ("duty", "role:supervisor", "role:specialist")
    ladder: Annotated[tuple[Rung, ...], Meta(max_length=4)] = ()
    limits: dict[RoleKey, Annotated[int, Meta(ge=0, le=100_000)] | None] = {}
    working_days: dict[Source, Annotated[int, Meta(ge=1, le=120)]] = {}
    warn_days: Annotated[int, Meta(ge=0, le=30)] = 2
    calendar: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    hold_external: bool = True

    def clocks_of(self, grade: Grade) -> Clocks:
        return self.clocks.get(grade.value) or self.clocks.get("any") or Clocks()

    def rung(self, step: LadderStep) -> Rung | None:
        return next((rung for rung in self.ladder if rung.step == step), None)


def condition_of(rule: Grading) -> Condition:
    return parse(rule.when, FIELDS)
