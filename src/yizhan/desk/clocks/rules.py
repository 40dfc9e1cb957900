"""The spans of the clocks as documents: of the house, of a team, of an inbox. Documents say seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.clocks.model import ClockRules
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Kind, Published, Rulings, TypeKey, check_places, check_rulings, check_types, laid_over

Seconds = Annotated[int, Meta(ge=1, le=90 * 24 * 3600, description="seconds")]
Channel = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$", description="a channel or default")]


class ClockDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's.

    Silence counts from our last word: 请问还在吗?, asleep, the end. `confirm_s` closes what stands unanswered.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    prompt_s: Seconds | UnsetType = UNSET
    sleep_s: Seconds | UnsetType = UNSET
    end_s: dict[Channel, Seconds] | UnsetType = UNSET
    confirm_s: dict[Channel, Seconds] | UnsetType = UNSET
    never_confirmed: frozenset[TypeKey] | UnsetType = UNSET
    unprompted: frozenset[Channel] | UnsetType = UNSET
    busy_line_s: Seconds | UnsetType = UNSET
    choice_line_s: Seconds | UnsetType = UNSET
    overdue_s: Seconds | UnsetType = UNSET
    left_grace_s: Seconds | UnsetType = UNSET


SHIPPED = ClockDocument(
    title="出厂设置",
    title_en="As shipped",
    prompt_s=3 * 60,
    sleep_s=5 * 60,
    end_s={"default": 15 * 60, "wechat": 2 * 3600},
    confirm_s={"default": 24 * 3600, "email": 72 * 3600},
    never_confirmed=frozenset({"complaint"}),
    unprompted=frozenset({"wechat"}),
    busy_line_s=60,
    choice_line_s=180,
    overdue_s=60,
    left_grace_s=3 * 60,
)
"""The defaults of the trade (floor rules 2.1, 2.2, 2.8)."""


def compile_clocks(documents: Sequence[ClockDocument], source: str) -> ClockRules:
    """Spans by channel are laid over one by one: who changes one channel's leaves the others as they are."""
    said = SHIPPED
    for document in documents:
        ends, confirms = _by_channel(said.end_s, document.end_s), _by_channel(said.confirm_s, document.confirm_s)
        said = msgspec.structs.replace(laid_over(said, document), end_s=ends, confirm_s=confirms)
    rules = ClockRules(
        prompt_after=_span(said.prompt_s),
        sleep_after=_span(said.sleep_s),
        end_after=_spans(said.end_s),
        confirm_after=_spans(said.confirm_s),
        never_confirmed=frozenset(str(kind) for kind in said.never_confirmed or ()),
        unprompted=frozenset(said.unprompted or ()),
        queue_lines={"queue_busy": _span(said.busy_line_s), "queue_choice": _span(said.choice_line_s)},
        overdue_after=_span(said.overdue_s),
        left_grace=_span(said.left_grace_s),
        source=source,
    )
    _ensure_order(rules)
    return rules


def _ensure_order(rules: ClockRules) -> None:
    """A silence has its steps in this order, whatever the channel."""
    if rules.prompt_after >= rules.sleep_after:
        raise Invalid("who is silent is asked before he counts as asleep", "sleep_s")
    for channel, span in rules.end_after.items():
        if span <= rules.sleep_after:
            raise Invalid("a silent conversation sleeps before it ends", f"end_s.{channel}")
    if rules.queue_lines["queue_busy"] >= rules.queue_lines["queue_choice"]:
        raise Invalid("the choice is offered after the first line", "choice_line_s")


def _check_together(documents: Mapping[str, ClockDocument]) -> None:
    check_rulings("clocks", documents, compile_clocks)


def _fits(document: ClockDocument, among: Published) -> None:
    check_types(among, [(key, "never_confirmed") for key in sorted(document.never_confirmed or ())])


CLOCKS = Kind(
    "clocks", ClockDocument, check_together=_check_together, verify=check_places, title=("服务时钟", "Clocks"),
    default=SHIPPED, fits=_fits,
)  # fmt: skip

ClockBook: TypeAlias = Rulings[ClockDocument, ClockRules]


def clock_book() -> ClockBook:
    """The built-in spans, until it takes a release."""
    return Rulings(CLOCKS, compile_clocks)


def _by_channel(general: dict[str, int] | UnsetType, special: dict[str, int] | UnsetType) -> dict[str, int] | UnsetType:
    return {**(general or {}), **(special or {})}


def _span(seconds: int | UnsetType) -> timedelta:
    assert isinstance(seconds, int), "the shipped document says everything"
    return timedelta(seconds=seconds)


def _spans(seconds: dict[str, int] | UnsetType) -> dict[str, timedelta]:
    return {channel: _span(span) for channel, span in (seconds or {}).items()}
