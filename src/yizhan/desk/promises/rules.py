"""The spans of promises as documents: of the house, of a team, of an inbox. Documents say seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.promises.model import PromiseRules
from yizhan.records.config import Kind, Rulings, check_places, check_rulings, laid_over

Seconds = Annotated[int, Meta(ge=60, le=24 * 3600, description="seconds")]


class PromiseDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's."""

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    remind_s: Seconds | UnsetType = UNSET
    lead_s: Seconds | UnsetType = UNSET
    settling_s: Seconds | UnsetType = UNSET


SHIPPED = PromiseDocument(title="出厂设置", title_en="As shipped", remind_s=600, lead_s=600, settling_s=600)


def compile_promises(documents: Sequence[PromiseDocument], source: str) -> PromiseRules:
    said = SHIPPED
    for document in documents:
        said = laid_over(said, document)
    return PromiseRules(
        remind_before=_span(said.remind_s), lead_after=_span(said.lead_s), settling=_span(said.settling_s),
        source=source,
    )  # fmt: skip


def _check_together(documents: Mapping[str, PromiseDocument]) -> None:
    check_rulings("promises", documents, compile_promises)


PROMISES = Kind(
    "promises", PromiseDocument, check_together=_check_together, verify=check_places,
    title=("承诺提醒", "Promise reminders"), default=SHIPPED,
)  # fmt: skip

PromiseBook: TypeAlias = Rulings[PromiseDocument, PromiseRules]


def promise_book() -> PromiseBook:
    """The built-in spans, until it takes a release."""
    return Rulings(PROMISES, compile_promises)


def _span(seconds: int | UnsetType) -> timedelta:
    assert isinstance(seconds, int), "the shipped document says everything"
    return timedelta(seconds=seconds)
