"""What two records say of being one person, and what follows. Pure.

The model is that of Fellegi and Sunter, "A Theory for Record Linkage" (JASA 64, 1969): each field agrees in one of a
few levels; a level weighs log2(m/u) bits; the weights and the prior's log-odds add up to the log-odds of the pair.
"""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk.resolution.comparing import best_level
from yizhan.desk.resolution.model import DIFFERENT, MISSING, Finding, Judgement, Known, Mark, Verdict
from yizhan.desk.resolution.rules import FieldWeights, ResolutionDocument, bits_of

CARD = "id_card"
_NUMBER, _SHARED = "number", "shared_number"
_HOUSEHOLD = frozenset({_NUMBER, _SHARED, "device", "address", "order"})
"""What people under one roof have in common."""


def compare(field: FieldWeights, one: Known, other: Known) -> tuple[str, bool]:
    """The level, and whether it rests on the customer's own words alone."""
    if field.how != "key":
        mine, theirs = one.texts.get(field.field, ()), other.texts.get(field.field, ())
        return (best_level(field.how, mine, theirs), True) if mine and theirs else (MISSING, False)
    source = _NUMBER if field.field == _SHARED else field.field
    a, b = one.keys.get(source, {}), other.keys.get(source, {})
    shared = {key for key in a.keys() & b.keys() if Mark.SHARED in (a[key], b[key])}
    if field.field == _SHARED:
        return ("same", False) if shared else (MISSING, False)
    same = (a.keys() & b.keys()) - shared
    if same:
        return "same", not any(a[key] is Mark.SEEN and b[key] is Mark.SEEN for key in same)
    if any(m is not Mark.SHARED for m in a.values()) and any(m is not Mark.SHARED for m in b.values()):
        return "different", False
    return MISSING, False


def pattern(rules: ResolutionDocument, one: Known, other: Known) -> tuple[str, ...]:
    """The level of each field, in the order of the document."""
    return tuple([compare(field, one, other)[0] for field in rules.fields])


def weigh(rules: ResolutionDocument, one: Known, other: Known) -> tuple[Finding, ...]:
    """What can be said, field by field."""
    found = []
    for field in rules.fields:
        level, told = compare(field, one, other)
        known = field.level(level)
        if known is not None:
            found.append(Finding(field.field, level, round(known.weight, 2), told and level != DIFFERENT))
    return tuple(found)


def conflicts(one: Known, other: Known) -> bool:
    """Two identity cards that were seen, and none of them of both: never one person, whatever else is alike."""
    a, b = one.keys.get(CARD, {}), other.keys.get(CARD, {})
    return Mark.SEEN in a.values() and Mark.SEEN in b.values() and not a.keys() & b.keys()


def judge(rules: ResolutionDocument, one: Known, other: Known) -> Judgement:
    findings = weigh(rules, one, other)
    bits = rules.start_bits + sum(each.weight for each in findings)
    if conflicts(one, other):
        return Judgement(Verdict.CONFLICT, bits, findings, "id_cards")
    if bits < bits_of(rules.review_at):
        return Judgement(Verdict.NOTHING, bits, findings)
    if bits < bits_of(rules.link_at):
        return Judgement(Verdict.REVIEW, bits, findings)
    held = _held(rules, findings, two_mobiles=bool(one.mobiles and other.mobiles and not one.mobiles & other.mobiles))
    return Judgement(Verdict.REVIEW if held else Verdict.LINK, bits, findings, held)


def _held(rules: ResolutionDocument, findings: Sequence[Finding], *, two_mobiles: bool) -> str:
    agreeing = [each for each in findings if each.level != DIFFERENT and each.weight > 0]
    if not rules.links:
        return "by_hand"
    if len(agreeing) < rules.least_agreeing:
        return "too_few"
    if all(each.told for each in agreeing):
        return "told"  # anybody can type somebody else's name, number and order
    if two_mobiles:
        return "two_mobiles"  # one person with two numbers, or two of one household
    other_name = any(each.field == "name" and each.level == DIFFERENT for each in findings)
    if other_name and all(each.field in _HOUSEHOLD for each in agreeing):
        return "household"  # 夫妻共用: another name at the same address and telephone
    return ""
