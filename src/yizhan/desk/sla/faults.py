"""Faults of policies, found when a document is saved, or where only several contradict, when they are released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from yizhan.desk.forms import check_asked
from yizhan.desk.sla.documents import PRIORITIES, Allowance, SlaPolicy, Step, Targets, Title
from yizhan.desk.sla.model import TargetKind
from yizhan.desk.views import WORK_FIELDS
from yizhan.foundation.conditions import All, Condition, Leaf, Op, always_holds, contradiction
from yizhan.foundation.conditions import Any as AnyOf
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    DEFAULT,
    Advice,
    Around,
    Circular,
    Kind,
    Places,
    Published,
    Ref,
    of_condition,
    of_teams,
)


def check(policy: SlaPolicy) -> None:
    """Raises Invalid for a document that contradicts itself."""
    condition = _condition(policy)
    _check_targets(policy)
    _check_warning(policy)
    for place, step in enumerate(policy.escalation):
        _check_step(policy, condition, step, f"escalation[{place}]")
    _check_moves(policy)


def _condition(policy: SlaPolicy) -> Condition:
    try:
        condition = policy.condition
    except Invalid as fault:
        raise Invalid(fault.message, f"when.{fault.field}" if fault.field else "when") from None
    if reason := contradiction(condition):
        raise Invalid(f"no ticket can ever fulfil this: {reason}", "when")
    return condition


def _check_targets(policy: SlaPolicy) -> None:
    if not policy.targets:
        raise Invalid("a policy without targets promises nothing", "targets")
    for name, targets in policy.targets.items():
        promised = {kind: allowance for kind in TargetKind if (allowance := targets.of(kind)) is not None}
        if not promised:
            raise Invalid("nothing is promised here", f"targets.{name}")
        for kind, allowance in promised.items():
            if allowance.clock == "working" and policy.calendar is None:
                raise Invalid("working minutes need a calendar", f"targets.{name}.{kind}")
        last = targets.resolution
        for word, sooner in (("first", targets.first_response), ("next", targets.next_response)):
            if sooner and last and _is_surely_later(sooner, last):
                raise Invalid(
                    f"the resolution would be due after {last.minutes} minutes, before the {word} response "
                    f"({sooner.minutes} minutes)", f"targets.{name}.resolution",
                )  # fmt: skip
    for kind in TargetKind:
        named = [(name, policy.targets[name].of(kind)) for name in PRIORITIES if name in policy.targets]
        for (lower, slow), (higher, fast) in pairwise([(name, each) for name, each in named if each]):
            if slow.clock == fast.clock and fast.minutes > slow.minutes:
                raise Invalid(
                    f"{higher} would be allowed {fast.minutes} minutes, more than {lower} with {slow.minutes}",
                    f"targets.{higher}.{kind}",
                )


def _is_surely_later(sooner: Allowance, last: Allowance) -> bool:
    """So many working minutes last at least as long by the wall clock."""
    return last.minutes < sooner.minutes and (sooner.clock == last.clock or last.clock == "calendar")


def _check_warning(policy: SlaPolicy) -> None:
    warn = policy.warn
    if warn is None:
        if any(step.at == "warning" for step in policy.escalation):
            raise Invalid("a step waits for a warning that never comes", "escalation")
        return
    if (warn.percent is None) == (warn.minutes is None):
        raise Invalid("a warning comes at a percentage or some minutes before: say one of both", "warn")
    if warn.minutes is None:
        return
    for name, targets in policy.targets.items():
        for kind in TargetKind:
            allowance = targets.of(kind)
            if allowance and allowance.minutes <= warn.minutes:
                raise Invalid(
                    f"{warn.minutes} minutes before the end is before the start: {name} {kind} is allowed "
                    f"{allowance.minutes} minutes", "warn.minutes",
                )  # fmt: skip


def _check_step(policy: SlaPolicy, condition: Condition, step: Step, path: str) -> None:
    if (step.do == "move") != (step.team is not None):
        raise Invalid("a move names its team, and nothing else does", f"{path}.team")
    if step.do == "notify" and not step.to:
        raise Invalid("whom to notify?", f"{path}.to")
    if step.do in ("move", "raise_priority") and step.to:
        raise Invalid(f"{step.do} is told to nobody: add a step that notifies", f"{path}.to")
    if step.again_min is not None and step.do != "call":
        raise Invalid("only a call rings again", f"{path}.again_min")
    promised = {kind for targets in policy.targets.values() for kind in TargetKind if targets.of(kind)}
    if missing := next((kind for kind in step.targets if kind not in promised), None):
        raise Invalid(f"the policy promises no {missing}", f"{path}.targets")
    if step.do == "raise_priority" and "any" not in policy.targets and set(policy.targets) == {"urgent"}:
        raise Invalid("nothing is above urgent", path)
    if step.do == "move" and step.team in _teams(condition):
        raise Invalid(f"the policy is for tickets of team {step.team}: they would be moved to where they are", path)


def _check_moves(policy: SlaPolicy) -> None:
    seen: dict[tuple[str, TargetKind], str] = {}
    for place, step in enumerate(policy.escalation):
        for kind in TargetKind:
            if step.do == "move" and step.team and step.concerns(kind):
                other = seen.setdefault((step.at, kind), step.team)
                if other != step.team:
                    raise Invalid(f"at the same moment moved to {other} and to {step.team}", f"escalation[{place}]")


def check_together(policies: Mapping[str, SlaPolicy]) -> None:
    """Raises Invalid where tickets would be moved round: after-sales to night, night to after-sales."""
    ways: dict[str, dict[str, str]] = {}
    for name, policy in policies.items():
        for start in _teams(policy.condition):
            for step in policy.escalation:
                if step.team is not None:
                    ways.setdefault(start, {}).setdefault(step.team, name)
    for start in ways:
        if (circle := _circle(ways, start, [start])) is not None:
            name = ways[circle[0]][circle[1]]
            told = " → ".join(circle)
            raise Circular(f"tickets would be moved in a circle: {told}", f"sla_policy/{name}: escalation")


def _circle(ways: Mapping[str, Mapping[str, str]], at: str, path: list[str]) -> list[str] | None:
    for following in ways.get(at, {}):
        if following in path:
            return [*path[path.index(following) :], following]
        if (found := _circle(ways, following, [*path, following])) is not None:
            return found
    return None


def _teams(condition: Condition) -> set[str]:
    """Teams whose tickets alone a condition is about."""
    return {value for leaf in _needed(condition) if leaf.field.name == "team" for value in _texts(leaf)}


def _needed(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, All):
        for part in condition.parts:
            yield from _needed(part)


def _texts(leaf: Leaf) -> list[str]:
    if leaf.op is Op.EQ:
        return [str(leaf.value)]
    return [str(value) for value in leaf.value] if leaf.op is Op.IN and isinstance(leaf.value, tuple) else []


def verify(policy: SlaPolicy, places: Places) -> None:
    """Raises Invalid for a team, a role or whatever else the document names and the house does not have."""
    for place, step in enumerate(policy.escalation):
        if step.team is not None:
            _ensure_known("team", step.team, places, f"escalation[{place}].team")
        for at, recipient in enumerate(step.to):
            kind, _, key = recipient.partition(":")
            if kind == "role":
                _ensure_known("role", key, places, f"escalation[{place}].to[{at}]")
    for leaf in _leaves(policy.condition):
        for value in _texts(leaf):
            _ensure_known(leaf.field.name, value, places, "when")


def _ensure_known(what: str, key: str, places: Places, path: str) -> None:
    known = places.keys.get(what)
    if known is not None and key not in known:
        raise Invalid(f"there is no {what} with the key {key}", path)


def _leaves(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts if isinstance(condition, All | AnyOf) else (condition.part,):
            yield from _leaves(part)


def advise(policy: SlaPolicy, around: Around) -> Iterator[Advice]:
    yield from of_condition(policy.condition, "when", around)
    for name, targets in policy.targets.items():
        first, last = targets.first_response, targets.resolution
        if first and last and first.clock != last.clock and last.minutes < first.minutes:
            told = f"{first.minutes} minutes by one clock, {last.minutes} by the other"
            told = f"the first response may be due after the resolution: {told}"
            yield Advice(f"targets.{name}.first_response", told)
    for place, step in enumerate(policy.escalation):
        if step.team is not None:
            yield from of_teams([step.team], f"escalation[{place}].team", around)
    for key, other in around.published.all(SLA_POLICY).items():
        before = (other.order, key) < (policy.order, _name_of(policy, around))
        if other != policy and before and always_holds(other.condition):
            yield Advice("order", f"{other.name.zh} comes before and holds for every ticket: this policy is never used")


def _name_of(policy: SlaPolicy, around: Around) -> str:
    return next((name for name, each in around.published.all(SLA_POLICY).items() if each == policy), "")


def calendar_of(policy: SlaPolicy) -> Iterable[Ref]:
    return [Ref("calendar", policy.calendar)] if policy.calendar is not None else []


def _usual(first: int, following: int, resolution: int) -> Targets:
    return Targets(Allowance(first), Allowance(following), Allowance(resolution))


STANDARD = SlaPolicy(
    name=Title("标准时效", "Standard"),
    order=1000,
    calendar=DEFAULT,
    targets={
        "urgent": _usual(10, 15, 4 * 60),
        "high": _usual(30, 60, 8 * 60),
        "medium": _usual(60, 2 * 60, 24 * 60),
        "low": _usual(2 * 60, 4 * 60, 36 * 60),
    },
    escalation=(
        Step("warning", "notify", to=("handler", "owner")),
        Step("breach", "notify", to=("handler", "lead")),
        Step("+30", "raise_priority", targets=(TargetKind.FIRST_RESPONSE,)),
    ),
)
"""What a new house begins with: it fits nobody exactly and everybody a little."""


def fits(policy: SlaPolicy, among: Published) -> None:
    """Raises Invalid for a condition that asks for own fields of tickets that are not there."""
    check_asked(among, WORK_FIELDS, [(policy.when, "when")])


SLA_POLICY = Kind(
    "sla_policy", SlaPolicy, check, calendar_of, check_together, verify, ("时效策略", "Service level policy"),
    WORK_FIELDS, STANDARD, fits=fits, advise=advise,
)  # fmt: skip
