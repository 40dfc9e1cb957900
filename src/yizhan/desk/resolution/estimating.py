"""Weights from experience: of unlabelled pairs by expectation and maximisation, or of what people decided. Pure.

Both start from the weights in force, which count as so many pairs seen before: a few decisions move them a little.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from yizhan.desk.resolution.model import MISSING, Finding
from yizhan.desk.resolution.rules import FieldWeights, Level, ResolutionDocument, probability_of

Pattern = tuple[str, ...]
"""The level of each field of the document, in its order."""

_SEEN_BEFORE = 2.0
_TRUST_BITS = 2.0
"""How far, in bits, the weights in force may well be wrong: the standard deviation of the prior."""
_LEAST, _MOST = 1e-9, 0.9999
_LEAST_SAME = 0.05
_STEPS = 400
_PACE = 0.5
_LEAST_DECISIONS = 20
_LEAST_PAIRS = 300

Decision = tuple[Sequence[Finding], bool]


def fit(rules: ResolutionDocument, patterns: Mapping[Pattern, int], *, rounds: int = 40) -> ResolutionDocument:
    """Dempster, Laird and Rubin (1977): each round weighs every pattern, then counts levels by those weights.

    These pairs have something in common, or nobody would have compared them: two strangers among them agree more often
    than two strangers at all. So `u` is learnt of them too, and the prior becomes the share of one person among them.
    """
    for _ in range(rounds):
        shares = {pattern: probability_of(_bits(rules, pattern)) for pattern in patterns}
        same = {pattern: patterns[pattern] * share for pattern, share in shares.items()}
        other = {pattern: patterns[pattern] * (1 - share) for pattern, share in shares.items()}
        fields = []
        for at, field in enumerate(rules.fields):
            m = _shares(field, at, same, {each.level: each.m for each in field.levels})
            u = _shares(field, at, other, {each.level: each.u for each in field.levels})
            levels = tuple(Level(each.level, m[each.level], u[each.level]) for each in field.levels)
            fields.append(msgspec.structs.replace(field, levels=levels))
        prior = min(max(sum(same.values()) / sum(patterns.values()), _LEAST), _MOST)
        rules = msgspec.structs.replace(rules, fields=tuple(fields), prior=prior)
    return rules


def estimate(rules: ResolutionDocument, patterns: Mapping[Pattern, int], decisions: Sequence[Decision]) -> Proposal:
    """What a run through all contacts teaches without anybody's word, with how many of the decisions it would have made
    the other way."""
    pairs, yes = sum(patterns.values()), sum(same for _, same in decisions)
    before = _weights(rules)
    wrong = _wrong(rules.start_bits, before, decisions)
    if pairs < _LEAST_PAIRS:
        return Proposal(len(decisions), yes, _LEAST_PAIRS, wrong, wrong, pairs=pairs)
    learnt = fit(rules, patterns)
    document = msgspec.structs.replace(learnt, fields=tuple(map(_within, learnt.fields)))
    seen: Counter[tuple[str, str]] = Counter()
    for levels, times in patterns.items():
        seen.update({(field.field, level): times for field, level in zip(rules.fields, levels, strict=True)})
    changes = _changes(before, _weights(document), seen)
    return Proposal(
        len(decisions), yes, _LEAST_PAIRS, wrong, _wrong(document.start_bits, _weights(document), decisions), changes,
        document if changes else None, pairs=pairs, share=document.prior,
    )  # fmt: skip


class WeightChange(msgspec.Struct, frozen=True):
    field: str
    level: str
    seen: int
    before: float
    after: float


class Proposal(msgspec.Struct, frozen=True):
    """`wrong_before` and `wrong_after`: how many of the decisions the weights would have made the other way, at even
    odds. Without enough to learn from nothing is proposed, and `document` is None. What was learnt of `pairs` says
    which `share` of them is one person."""

    decisions: int
    same: int
    needed: int
    wrong_before: int
    wrong_after: int
    changes: tuple[WeightChange, ...] = ()
    document: ResolutionDocument | None = None
    pairs: int = 0
    share: float = 0.0


def proposal(rules: ResolutionDocument, decisions: Sequence[Decision]) -> Proposal:
    """The weights under which what people decided is most probable, held near those in force.

    Decisions are of pairs that weighed enough to be asked about, so levels cannot just be counted; but how probable a
    pair is, given how it agrees, does not depend on which pairs were asked about. So the weights are fitted as those of
    a logistic regression, each with a normal prior around its present value. `m` stays, and `u` follows the weight.
    """
    counted = _counted(decisions)
    yes = sum(same for _, same in decisions)
    before = _weights(rules)
    wrong = _wrong(rules.start_bits, before, decisions)
    if len(decisions) < _LEAST_DECISIONS:
        return Proposal(len(decisions), yes, _LEAST_DECISIONS, wrong, wrong)
    after = _fitted(rules.start_bits, before, decisions)
    changes = _changes(before, after, counted)
    fields = tuple(
        msgspec.structs.replace(field, levels=tuple(_moved(field, each, after, counted) for each in field.levels))
        for field in rules.fields
    )
    document = msgspec.structs.replace(rules, fields=fields) if changes else None
    return Proposal(len(decisions), yes, _LEAST_DECISIONS, wrong, _wrong(rules.start_bits, after, decisions), changes,
                    document)  # fmt: skip


_Weights = Mapping[tuple[str, str], float]


def _weights(rules: ResolutionDocument) -> dict[tuple[str, str], float]:
    return {(field.field, each.level): each.weight for field in rules.fields for each in field.levels}


def _changes(before: _Weights, after: _Weights, seen: Mapping[tuple[str, str], int]) -> tuple[WeightChange, ...]:
    return tuple(
        WeightChange(*key, seen[key], round(before[key], 2), round(after[key], 2))
        for key in before if seen.get(key) and abs(after[key] - before[key]) >= 0.05
    )  # fmt: skip


def _within(field: FieldWeights) -> FieldWeights:
    """A document's limits hold: to be the same never speaks against one person, to be different never for."""
    levels = []
    for each in field.levels:
        if each.level == "same" and each.weight < _LEAST_SAME:
            each = Level(each.level, each.m, each.m / 2.0**_LEAST_SAME)
        elif each.level == "different" and each.weight > 0:
            each = Level(each.level, each.u, each.u)
        levels.append(each)
    return msgspec.structs.replace(field, levels=tuple(levels))


def _fitted(start: float, before: _Weights, decisions: Sequence[Decision]) -> dict[tuple[str, str], float]:
    """Steps up the slope of the posterior; the numbers are small, so plain steps do."""
    after = dict(before)
    pace = _PACE / max(1.0, len(decisions) / 20)
    known = [
        ([(f.field, f.level) for f in findings if (f.field, f.level) in after], same) for findings, same in decisions
    ]
    for _ in range(_STEPS):
        slope = {key: (before[key] - weight) / _TRUST_BITS**2 for key, weight in after.items()}
        for keys, same in known:
            missed = same - probability_of(start + sum(after[key] for key in keys))
            for key in keys:
                slope[key] += missed * math.log(2)
        for key, by in slope.items():
            after[key] += pace * by
    return after


def _moved(field: FieldWeights, each: Level, after: _Weights, counted: Mapping[tuple[str, str], int]) -> Level:
    """A document's limits hold: to be the same never speaks against, to be different never for."""
    key = (field.field, each.level)
    if key not in counted:
        return each
    weight = after[key]
    if each.level == "same":
        weight = max(weight, _LEAST_SAME)
    if each.level == "different":
        weight = min(weight, 0.0)
    u = each.m / 2.0**weight
    room = 1 - sum(other.u for other in field.levels if other is not each)
    return Level(each.level, each.m, min(max(u, _LEAST), max(room, each.u), _MOST))


def _wrong(start: float, weights: _Weights, decisions: Sequence[Decision]) -> int:
    return sum(
        (start + sum(weights.get((f.field, f.level), 0.0) for f in findings) > 0) != same
        for findings, same in decisions
    )


def _counted(decisions: Sequence[Decision]) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for findings, _ in decisions:
        for each in findings:
            counted[each.field, each.level] = counted.get((each.field, each.level), 0) + 1
    return counted


def _bits(rules: ResolutionDocument, pattern: Pattern) -> float:
    bits = rules.start_bits
    for field, name in zip(rules.fields, pattern, strict=True):
        level = field.level(name)
        bits += level.weight if level is not None else 0.0
    return bits


def _shares(
    field: FieldWeights, at: int, weighed: Mapping[Pattern, float], before: Mapping[str, float]
) -> dict[str, float]:
    """Of the pairs in which the field says something, how many are at each level."""
    counted = {name: _SEEN_BEFORE * share for name, share in before.items()}
    for pattern, weight in weighed.items():
        if pattern[at] != MISSING and pattern[at] in counted:
            counted[pattern[at]] += weight
    whole = sum(counted.values())
    return {name: min(max(count / whole, _LEAST), _MOST) for name, count in counted.items()}
