"""Who is asked for a rating, when, and what a low one leads to: documents of the house, of a team, of an inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.foundation.errors import Invalid
from yizhan.records.config import Kind, Rulings, check_places, check_rulings, laid_over

Channel = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$")]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]
Hours = Annotated[int, Meta(ge=1, le=30 * 24)]


class SatisfactionDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's.

    Customers of tickets that took longer than `ticket_hours` are asked once more, about all of it.
    `reserve_messages` of a channel's quota are kept for asking, where the channel counts what we say.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    enabled: bool | UnsetType = UNSET
    tags: Annotated[tuple[Tag, ...], Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    never_on: frozenset[Channel] | UnsetType = UNSET
    mail_minutes: Annotated[int, Meta(ge=0, le=7 * 24 * 60)] | UnsetType = UNSET
    again_hours: Hours | UnsetType = UNSET
    editable_hours: Annotated[int, Meta(ge=1, le=72)] | UnsetType = UNSET
    link_hours: Hours | UnsetType = UNSET
    low_stars: Annotated[int, Meta(ge=1, le=4)] | UnsetType = UNSET
    follow_up_hours: Hours | UnsetType = UNSET
    ticket_hours: Annotated[int, Meta(ge=1, le=30 * 24)] | UnsetType = UNSET
    reserve_messages: Annotated[int, Meta(ge=0, le=3)] | UnsetType = UNSET


class SatisfactionRules(msgspec.Struct, frozen=True, kw_only=True):
    enabled: bool
    tags: tuple[str, ...]
    never_on: frozenset[str]
    mail_after: timedelta
    again_after: timedelta
    editable: timedelta
    link_life: timedelta
    low_stars: int
    follow_up: timedelta
    ticket_after: timedelta
    reserve_messages: int
    source: str


SHIPPED = SatisfactionDocument(
    title="出厂设置", title_en="As shipped",
    enabled=True, tags=("等待时间长", "转接次数多", "态度", "没解决", "产品问题"),
    never_on=frozenset(), mail_minutes=60, again_hours=24, editable_hours=24, link_hours=168, low_stars=2,
    follow_up_hours=24, ticket_hours=24, reserve_messages=1,
)  # fmt: skip


def compile_satisfaction(documents: Sequence[SatisfactionDocument], source: str) -> SatisfactionRules:
    said = SHIPPED
    for document in documents:
        said = laid_over(said, document)
    return SatisfactionRules(
        enabled=bool(said.enabled), tags=tuple(said.tags or ()), never_on=frozenset(said.never_on or ()),
        mail_after=timedelta(minutes=_number(said.mail_minutes)), again_after=_hours(said.again_hours),
        editable=_hours(said.editable_hours), link_life=_hours(said.link_hours), low_stars=_number(said.low_stars),
        follow_up=_hours(said.follow_up_hours), ticket_after=_hours(said.ticket_hours),
        reserve_messages=_number(said.reserve_messages), source=source,
    )  # fmt: skip


def _check(document: SatisfactionDocument) -> None:
    tags = document.tags or ()
    if len(set(tags)) != len(tags):
        raise Invalid("a reason is named twice", "tags")


def _check_together(documents: Mapping[str, SatisfactionDocument]) -> None:
    check_rulings("satisfaction", documents, compile_satisfaction)


SATISFACTION = Kind(
    "satisfaction", SatisfactionDocument, _check, check_together=_check_together, verify=check_places,
    title=("满意度", "Satisfaction"), default=SHIPPED,
)  # fmt: skip

SatisfactionBook: TypeAlias = Rulings[SatisfactionDocument, SatisfactionRules]


def satisfaction_book() -> SatisfactionBook:
    """The built-in rules, until it takes a release."""
    return Rulings(SATISFACTION, compile_satisfaction)


def _number(value: int | UnsetType) -> int:
    assert isinstance(value, int), "the shipped document says everything"
    return value


def _hours(value: int | UnsetType) -> timedelta:
    return timedelta(hours=_number(value))
