"""The document `callbacks`: after which matters, how many days later, who calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Kind, Places, Published, TypeKey, check_types, is_within

CALLBACK = "callback"
"""The type of a follow-up call, where the tree has it."""


class CallbackRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Without a team the one that had the matter calls. The first rule that names the type counts."""

    key: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
    types: Annotated[tuple[TypeKey, ...], Meta(min_length=1, max_length=50)]
    days: Annotated[int, Meta(ge=1, le=90)]
    team: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    enabled: bool = True


class CallbackDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    rules: Annotated[tuple[CallbackRule, ...], Meta(max_length=50)] = ()


SHIPPED = CallbackDocument(
    title="出厂设置",
    title_en="As shipped",
    rules=(
        CallbackRule(key="complaint", types=("complaint",), days=3, enabled=False),
        CallbackRule(key="aftersale", types=("aftersale.repair", "aftersale.install"), days=7, enabled=False),
    ),
)
"""The days of the trade; a house that has people for it switches them on."""


def _check(document: CallbackDocument) -> None:
    seen: set[str] = set()
    claimed: set[str] = set()
    for at, rule in enumerate(document.rules):
        if rule.key in seen:
            raise Invalid(f"two rules have the key {rule.key}", f"rules[{at}].key")
        seen.add(rule.key)
        covered = [key for key in rule.types if is_within(key, claimed)]
        if rule.enabled and len(covered) == len(rule.types):
            raise Invalid("a rule before this one has all of its types: it would never be used", f"rules[{at}].types")
        claimed |= set(rule.types) if rule.enabled else set()


def _verify(document: CallbackDocument, places: Places) -> None:
    for at, rule in enumerate(document.rules):
        if rule.team is not None and rule.team not in places.keys.get("team", frozenset()):
            raise Invalid(f"there is no team with the key {rule.team}", f"rules[{at}].team")


def _fits(document: CallbackDocument, among: Published) -> None:
    check_types(among, [(key, f"rules[{at}].types") for at, rule in enumerate(document.rules) for key in rule.types])


def _one(documents: Mapping[str, CallbackDocument]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one document of these, named {DEFAULT}", f"callbacks/{name}")


CALLBACKS = Kind(
    "callbacks", CallbackDocument, _check, check_together=_one, verify=_verify, fits=_fits,
    title=("回访", "Follow-up calls"), default=SHIPPED,
)  # fmt: skip


class CallbackBook:
    def __init__(self) -> None:
        self.rules: tuple[CallbackRule, ...] = ()

    def take(self, published: Published) -> None:
        document = published.find(CALLBACKS, DEFAULT)
        self.rules = tuple(rule for rule in document.rules if rule.enabled) if document else ()

    def of(self, type_key: str) -> CallbackRule | None:
        return next((rule for rule in self.rules if is_within(type_key, rule.types)), None)
