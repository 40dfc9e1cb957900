"""The rules of rosters as documents: of the house, of a team, at night also of an inbox. Documents say seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.foundation.errors import Invalid
from yizhan.records.config import Kind, Rulings, check_places, check_rulings, laid_over

Seconds = Annotated[int, Meta(ge=10, le=4 * 3600, description="seconds")]
Quota = Annotated[int, Meta(ge=0, le=500, description="people at a time")]
Night = Literal["leave_message", "on_call"]


class RosterDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's.

    From `wind_down_s` before the end of a shift on nothing live is given; what is unhandled `sweep_s` after it goes to
    the team. With `only_on_duty` nobody is given work outside his shifts. `night` is what happens while nobody of the
    team is there. `break_quota` null is no limit.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    wind_down_s: Seconds | UnsetType = UNSET
    sweep_s: Seconds | UnsetType = UNSET
    no_transfer_s: Annotated[int, Meta(ge=0, le=3600)] | UnsetType = UNSET
    only_on_duty: bool | UnsetType = UNSET
    night: Night | UnsetType = UNSET
    call_again_s: Seconds | UnsetType = UNSET
    break_quota: Quota | UnsetType | None = UNSET
    break_offer_s: Seconds | UnsetType = UNSET
    wrap_up_s: Seconds | UnsetType = UNSET


SHIPPED = RosterDocument(
    title="出厂设置",
    wind_down_s=15 * 60,
    sweep_s=10 * 60,
    no_transfer_s=5 * 60,
    only_on_duty=False,
    night="on_call",
    call_again_s=5 * 60,
    break_quota=None,
    break_offer_s=2 * 60,
    wrap_up_s=30,
)
"""The defaults of the trade (floor rules 2.5 to 2.7)."""


class RosterRules(msgspec.Struct, frozen=True, kw_only=True):
    wind_down: timedelta
    sweep: timedelta
    no_transfer: timedelta
    only_on_duty: bool
    night: Night
    call_again: timedelta
    break_quota: int | None
    break_offer: timedelta
    wrap_up: timedelta
    source: str


def compile_roster(documents: Sequence[RosterDocument], source: str) -> RosterRules:
    said = SHIPPED
    for document in documents:
        said = laid_over(said, document)
    rules = RosterRules(
        wind_down=_span(said.wind_down_s),
        sweep=_span(said.sweep_s),
        no_transfer=_span(said.no_transfer_s),
        only_on_duty=said.only_on_duty is True,
        night=said.night or "leave_message",
        call_again=_span(said.call_again_s),
        break_quota=said.break_quota if isinstance(said.break_quota, int) else None,
        break_offer=_span(said.break_offer_s),
        wrap_up=_span(said.wrap_up_s),
        source=source,
    )
    if rules.no_transfer > rules.wind_down:
        raise Invalid("who may not transfer any more is given nothing live either", "no_transfer_s")
    if rules.break_quota == 0:
        raise Invalid("a quota of nobody: no break could ever be taken", "break_quota")
    return rules


def _check_together(documents: Mapping[str, RosterDocument]) -> None:
    check_rulings("roster", documents, compile_roster)
    for name, document in documents.items():
        of_people = [
            field for field in RosterDocument.__struct_fields__
            if field not in ("title", "inboxes", "teams", "night", "call_again_s")
            and getattr(document, field) is not UNSET
        ]  # fmt: skip
        if document.inboxes and of_people:
            raise Invalid("shifts and breaks belong to people: to a team, not to an inbox", f"roster/{name}: inboxes")


ROSTER = Kind(
    "roster", RosterDocument, check_together=_check_together, verify=check_places, title=("排班规则", "Rosters"),
    default=SHIPPED,
)  # fmt: skip

RosterBook: TypeAlias = Rulings[RosterDocument, RosterRules]


def roster_book() -> RosterBook:
    """The built-in rules, until it takes a release."""
    return Rulings(ROSTER, compile_roster)


def _span(seconds: int | UnsetType) -> timedelta:
    assert isinstance(seconds, int), "the shipped document says everything"
    return timedelta(seconds=seconds)
