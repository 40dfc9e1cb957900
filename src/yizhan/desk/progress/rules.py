"""The document `progress`: which steps are told, in whose words, on which channels never."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.progress.model import Step
from yizhan.desk.words import ensure_fits, texts_in
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Kind, Published, Rulings, check_places, check_rulings, laid_over

GAPS = frozenset({"number", "subject", "team"})
Words = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]
Channel = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$")]


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """May have {number}, {subject} and {team} in it."""

    zh: Words
    en: Words


class ProgressDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's."""

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    steps: tuple[Step, ...] | UnsetType = UNSET
    words: dict[Step, Template] | UnsetType = UNSET
    never_on: frozenset[Channel] | UnsetType = UNSET


class ProgressRules(msgspec.Struct, frozen=True):
    steps: frozenset[Step]
    words: dict[Step, Template]
    never_on: frozenset[str]
    source: str


SHIPPED = ProgressDocument(
    title="出厂设置",
    title_en="As shipped",
    steps=tuple(Step),
    words={
        Step.ACCEPTED: Template(
            "您的问题「{subject}」(工单 #{number})已由客服受理,我们会尽快处理并在这里告诉您进展。",
            "We have taken up your request “{subject}” (ticket #{number}) and will keep you posted here.",
        ),
        Step.TRANSFERRED: Template(
            "您的工单 #{number} 已转交{team}继续处理,您的问题已同步,无需重复说明。",
            "Your ticket #{number} is now with {team}. They know everything you told us; nothing needs repeating.",
        ),
        Step.SOLUTION: Template(
            "您的工单 #{number} 已给出处理方案。如仍有问题,直接回复即可,我们会继续处理。",
            "There is a solution for your ticket #{number}. If anything is left, just answer and we will go on.",
        ),
        Step.DONE: Template(
            "您的工单 #{number} 已处理完成,感谢您的耐心。需要时随时联系我们。",
            "Your ticket #{number} is complete. Thank you for your patience; write to us at any time.",
        ),
    },
    never_on=frozenset({"generic", "sms", "wechat"}),
)
"""Told in the widget and by mail. A channel of somebody else may cost or count what it carries: a house, team or inbox
says itself that it wants them there."""


def compile_progress(documents: Sequence[ProgressDocument], source: str) -> ProgressRules:
    said = SHIPPED
    for document in documents:
        words = {**(said.words or {}), **(document.words or {})}
        said = msgspec.structs.replace(laid_over(said, document), words=words)
    return ProgressRules(frozenset(said.steps or ()), said.words or {}, frozenset(said.never_on or ()), source)


def check(document: ProgressDocument) -> None:
    """Raises Invalid for a gap nobody fills."""
    for step, template in (document.words or {}).items():
        for language in ("zh", "en"):
            try:
                parts = list(string.Formatter().parse(getattr(template, language)))
            except ValueError as wrong:
                raise Invalid(f"a brace is left open: {wrong}", f"words.{step}.{language}") from None
            gaps = {name for _, name, _, _ in parts if name is not None}
            if gaps - GAPS:
                raise Invalid(f"nothing fills {{{min(gaps - GAPS)}}}", f"words.{step}.{language}")


def _check_together(documents: Mapping[str, ProgressDocument]) -> None:
    check_rulings("progress", documents, compile_progress)


def _fits(document: ProgressDocument, among: Published) -> None:
    written = document.words if isinstance(document.words, dict) else {}
    ensure_fits(texts_in(msgspec.to_builtins(written), "words"), among, document)


PROGRESS = Kind(
    "progress", ProgressDocument, check, check_together=_check_together, verify=check_places,
    title=("进度通知", "Progress notices"), default=SHIPPED, fits=_fits,
)  # fmt: skip

ProgressBook: TypeAlias = Rulings[ProgressDocument, ProgressRules]


def progress_book() -> ProgressBook:
    return Rulings(PROGRESS, compile_progress)
