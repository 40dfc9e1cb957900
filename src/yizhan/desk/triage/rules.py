"""Triage rules as documents: of the house, of a team, of an inbox; each a condition and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.forms import check_asked
from yizhan.desk.views import OWN, WORK_FIELDS
from yizhan.foundation.conditions import (
    All,
    Condition,
    Field,
    FieldSet,
    FieldType,
    Leaf,
    Op,
    compile_closure,
    contradiction,
    fields_used,
    parse,
)
from yizhan.foundation.conditions import Any as AnyOf
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    Advice,
    Around,
    Circular,
    Places,
    Published,
    TypeKey,
    check_places,
    check_types,
    of_condition,
    type_tree,
)

_ASKED = (
    "type", "types", "priority", "brand", "channel", "inbox", "team", "level", "tags", "order_no", "subject", "text",
    "language", "created_at", "repeats", "known_days", "other_tickets", "open_tickets", "last_stars", "segment",
)  # fmt: skip
STATED = "stated"
FIELDS = FieldSet([
    *(field for field in WORK_FIELDS if field.name in _ASKED),
    Field(STATED, FieldType.TEXT, "客户陈述", "what is stated"),
], loose=OWN)  # fmt: skip
"""`text` is the subject and all the customer wrote; in `stated` what is denied is left out: 没有冒烟 states none."""

Word = Annotated[str, Meta(min_length=1, max_length=40)]
Key = Annotated[str, Meta(min_length=1, max_length=80)]


class TriageRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """All that hold count: the first type, the highest priority, every skill. `raise_by` goes no further than 高.

    A type that is `unsure` may be changed by the customer's later words. A rule that is not `enabled` takes one of the
    same key out of force for its place.
    """

    key: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
    when: dict[str, Any] | list[Any] = {}
    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    type: TypeKey | None = None
    unsure: bool = False
    priority: Annotated[int, Meta(ge=1, le=4)] | None = None
    raise_by: Annotated[int, Meta(ge=0, le=2)] = 0
    safety: bool = False
    skills: tuple[Key, ...] = ()
    enabled: bool = True


class TriageDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Rules of an inbox or team stand before the house's own; of one key the special one counts.

    `skill_by_type` asks for the skill that is called as the type, where somebody has it; `skill_by_language` for the
    one called as the customer's language, `english` or its code, such as `ja`. Chinese is asked of nobody.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    rules: Annotated[tuple[TriageRule, ...], Meta(max_length=200)] = ()
    denials: tuple[Word, ...] | UnsetType = UNSET
    skill_by_type: bool | UnsetType = UNSET
    skill_by_language: bool | UnsetType = UNSET


class Holds(msgspec.Struct, frozen=True):
    """A rule with its condition compiled."""

    rule: TriageRule
    check: Any  # Callable[[Facts], bool]: a struct cannot say so


class TriageRules(msgspec.Struct, frozen=True, kw_only=True):
    """`signs` are the words asked for in what is stated, `any_sign` finds one of them; `source` names the released
    documents all this is from; `asked` are the fields of all conditions."""

    rules: tuple[Holds, ...]
    asked: frozenset[str]
    signs: tuple[str, ...]
    any_sign: re.Pattern[str]
    denials: tuple[str, ...]
    skill_by_type: bool
    skill_by_language: bool
    unsure: frozenset[str]
    source: str


def compile_triage(documents: Sequence[TriageDocument], source: str) -> TriageRules:
    """From the general to the special; without documents nothing is recognised."""
    rules: list[TriageRule] = []
    denials, skill_by_type, skill_by_language = tuple[str, ...](), True, False
    for document in documents:
        special = {rule.key for rule in document.rules}
        rules = [*document.rules, *(rule for rule in rules if rule.key not in special)]
        denials = denials if document.denials is UNSET else document.denials
        skill_by_type = skill_by_type if document.skill_by_type is UNSET else document.skill_by_type
        if document.skill_by_language is not UNSET:
            skill_by_language = document.skill_by_language
    enabled = [(rule, condition_of(rule)) for rule in rules if rule.enabled]
    signs = {sign for _, condition in enabled for leaf in leaves(condition) for sign in _signs(leaf)}
    return TriageRules(
        rules=tuple(Holds(rule, compile_closure(condition)) for rule, condition in enabled),
        asked=frozenset[str]().union(*(fields_used(condition) for _, condition in enabled)),
        signs=tuple(sorted(signs)),
        any_sign=re.compile("|".join(map(re.escape, sorted(signs))) or r"(?!)"),
        denials=tuple(folded(each) for each in denials),
        skill_by_type=skill_by_type,
        skill_by_language=skill_by_language,
        unsure=frozenset(rule.type for rule, _ in enabled if rule.type and rule.unsure),
        source=source,
    )


def check(document: TriageDocument) -> None:
    """Raises Invalid with the place of the fault."""
    seen: set[str] = set()
    for place, rule in enumerate(document.rules):
        path = f"rules[{place}]"
        if rule.key in seen:
            raise Invalid(f"two rules have the key {rule.key}", f"{path}.key")
        seen.add(rule.key)
        if not rule.enabled:
            continue
        try:
            condition = condition_of(rule)
        except Invalid as fault:
            raise Invalid(fault.message, f"{path}.when.{fault.field}" if fault.field else f"{path}.when") from None
        if reason := contradiction(condition):
            raise Invalid(f"no ticket can ever fulfil this: {reason}", f"{path}.when")
        if not (rule.type or rule.priority or rule.raise_by or rule.safety or rule.skills):
            raise Invalid("nothing follows from this rule", path)
        if rule.unsure and rule.type is None:
            raise Invalid("only a type can be unsure", f"{path}.unsure")
    _check_circle(document)


def verify(document: TriageDocument, places: Places) -> None:
    """Raises Invalid for an inbox, team or skill the house does not have."""
    check_places(document, places)
    for place, rule in enumerate(document.rules):
        for at, key in enumerate(rule.skills):
            if key not in places.skills:
                raise Invalid(f"there is no skill with the key {key}", f"rules[{place}].skills[{at}]")
            if places.held is not None and key not in places.held:
                raise Invalid(f"nobody who is active has the skill {key}", f"rules[{place}].skills[{at}]")
        for leaf in leaves(condition_of(rule)) if rule.enabled else ():
            known = places.keys.get(leaf.field.name)
            values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
            if known is not None and leaf.op in (Op.EQ, Op.NE, Op.IN, Op.NOT_IN):
                for value in values:
                    if value not in known:
                        raise Invalid(f"there is no {leaf.field.name} with the key {value}", f"rules[{place}].when")


def fits(document: TriageDocument, among: Published) -> None:
    """Raises Invalid for a type that is not in the tree, and for own fields of tickets that are not there."""
    enabled = [(place, rule) for place, rule in enumerate(document.rules) if rule.enabled]
    check_types(among, [(rule.type, f"rules[{place}].type") for place, rule in enabled if rule.type])
    check_asked(among, FIELDS, [(rule.when, f"rules[{place}].when") for place, rule in enabled])


def advise(document: TriageDocument, around: Around) -> Iterator[Advice]:
    tree = type_tree(around.published)
    for place, rule in enumerate(document.rules):
        if not rule.enabled:
            continue
        yield from of_condition(condition_of(rule), f"rules[{place}].when", around)
        if rule.type is not None and rule.type in tree and tree.nodes[rule.type].retired:
            yield Advice(f"rules[{place}].type", f"the ticket type {rule.type} is retired: no new ticket has it")


def _check_circle(document: TriageDocument) -> None:
    """Rules that ask for a type and make it another must not lead back: which of them counts is chance."""
    ways: dict[str, tuple[str, str, int]] = {}
    for place, rule in enumerate(document.rules):
        if not rule.enabled or rule.type is None:
            continue
        condition = condition_of(rule)
        needed = condition.parts if isinstance(condition, All) else (condition,)
        for leaf in needed:
            if isinstance(leaf, Leaf) and leaf.field.name == "type" and leaf.op is Op.EQ and leaf.value != rule.type:
                ways.setdefault(str(leaf.value), (rule.type, rule.key, place))
    for start in ways:
        path, keys, at = [start], list[str](), start
        while at in ways and len(path) <= len(ways) + 1:
            at, key, place = ways[at]
            path.append(at)
            keys.append(key)
            if at == start:
                told = f"{' → '.join(path)} ({', '.join(keys)})"
                raise Circular(f"these rules go in a circle: {told}", f"rules[{place}]")


def condition_of(rule: TriageRule) -> Condition:
    return parse(rule.when, FIELDS)


def leaves(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts if isinstance(condition, All | AnyOf) else (condition.part,):
            yield from leaves(part)


def _signs(leaf: Leaf) -> list[str]:
    if leaf.field.name != STATED or leaf.op is not Op.CONTAINS:
        return []
    return [folded(str(each)) for each in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))]


def folded(text: str) -> str:
    """As conditions compare: small letters, for ASCII alone."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
