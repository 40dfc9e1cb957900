"""The policy document `sla_policy`: for which tickets, how long, by which calendar, and who is told when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.sla.model import HIGH, LOW, MEDIUM, URGENT, TargetKind
from yizhan.desk.views import WORK_FIELDS
from yizhan.foundation.conditions import Condition, parse

Words = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Minutes = Annotated[int, Meta(ge=1, le=366 * 24 * 60)]
PriorityName = Literal["urgent", "high", "medium", "low", "any"]
Recipient = Annotated[str, Meta(pattern=r"^(handler|owner|lead|team|duty|role:[a-z0-9_.-]{1,80})$")]
Key = Annotated[str, Meta(min_length=1, max_length=80)]

PRIORITIES: dict[PriorityName, int] = {"low": LOW, "medium": MEDIUM, "high": HIGH, "urgent": URGENT}


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Words
    en: Words


class Allowance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`working` minutes are those of the policy's calendar, `calendar` minutes are all there are."""

    minutes: Minutes
    clock: Literal["working", "calendar"] = "working"


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is left out is not promised."""

    first_response: Allowance | None = None
    next_response: Allowance | None = None
    resolution: Allowance | None = None

    def of(self, kind: TargetKind) -> Allowance | None:
        allowance: Allowance | None = getattr(self, kind.value)
        return allowance


class Warn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """At so many percent of the time, or so many minutes of it before its end: one of both."""

    percent: Annotated[int, Meta(ge=1, le=99)] | None = None
    minutes: Minutes | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step of the chain. `+30` is thirty minutes by the wall clock after the breach, while the target is open.

    A call asks for an acknowledgement and rings again each `again_min` minutes, three where it is not said.
    """

    at: Annotated[str, Meta(pattern=r"^(warning|breach|\+[1-9][0-9]{0,4})$")]
    do: Literal["notify", "raise_priority", "move", "call"]
    to: tuple[Recipient, ...] = ()
    team: Key | None = None
    targets: tuple[TargetKind, ...] = ()
    again_min: Annotated[int, Meta(ge=1, le=120)] | None = None

    @property
    def minutes_after(self) -> int | None:
        """After the breach; None for a step at the warning."""
        return None if self.at == "warning" else 0 if self.at == "breach" else int(self.at)

    def concerns(self, kind: TargetKind) -> bool:
        return not self.targets or kind in self.targets


class SlaPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first by `order`, then by name, whose condition holds is taken. `targets.any` is for priorities not named."""

    name: Title
    targets: dict[PriorityName, Targets]
    order: Annotated[int, Meta(ge=0, le=100_000)] = 100
    when: dict[str, Any] | list[dict[str, Any]] = {}
    calendar: Key | None = None
    warn: Warn | None = Warn(percent=80)
    escalation: Annotated[tuple[Step, ...], Meta(max_length=30)] = ()

    def allowance(self, priority: int, kind: TargetKind) -> Allowance | None:
        named: PriorityName = next((name for name, number in PRIORITIES.items() if number == priority), "any")
        targets = self.targets.get(named) or self.targets.get("any")
        return targets.of(kind) if targets else None

    def warn_seconds(self, allowed_s: int) -> int | None:
        """How much time is used when the warning comes."""
        if self.warn is None:
            return None
        if self.warn.minutes is not None:
            return allowed_s - self.warn.minutes * 60
        return allowed_s * (self.warn.percent or 0) // 100

    @property
    def condition(self) -> Condition:
        return parse(self.when, WORK_FIELDS)
