"""The rules of rosters as documents: of the house, of a team, at night also of an inbox. Documents say seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.forms import check_asked
from yizhan.desk.roster import waking
from yizhan.desk.roster.waking import DANGER, FIELDS, Waking, Woken, compile_waking
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    Advice,
    Around,
    Kind,
    Published,
    Rulings,
    check_places,
    check_rulings,
    laid_over,
    of_condition,
)

Seconds = Annotated[int, Meta(ge=10, le=4 * 3600, description="seconds")]
Absence = Annotated[int, Meta(ge=60, le=30 * 24 * 3600, description="seconds")]
Quota = Annotated[int, Meta(ge=0, le=500, description="people at a time")]
Night = Literal["leave_message", "on_call"]


class RosterDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's.

    From `wind_down_s` before the end of a shift on nothing live is given; what is unhandled `sweep_s` after it goes to
    the team. With `only_on_duty` nobody is given work outside his shifts. `night` is what happens while nobody of the
    team is there; who is on call is called for what one of `wakes` names, and the rest is promised for the morning.
    `break_quota` null is no limit. Of who is offline for `absent_s`, what is promised within `absent_ahead_s` or before
    his next shift goes to the team, after `absent_all_s` all that is his; null is never.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    wind_down_s: Seconds | UnsetType = UNSET
    sweep_s: Seconds | UnsetType = UNSET
    no_transfer_s: Annotated[int, Meta(ge=0, le=3600)] | UnsetType = UNSET
    only_on_duty: bool | UnsetType = UNSET
    night: Night | UnsetType = UNSET
    call_again_s: Seconds | UnsetType = UNSET
    wakes: Annotated[tuple[Waking, ...], Meta(max_length=20)] | UnsetType = UNSET
    break_quota: Quota | UnsetType | None = UNSET
    break_offer_s: Seconds | UnsetType = UNSET
    wrap_up_s: Seconds | UnsetType = UNSET
    absent_s: Absence | UnsetType | None = UNSET
    absent_ahead_s: Absence | UnsetType = UNSET
    absent_all_s: Absence | UnsetType | None = UNSET


_AT_NIGHT = frozenset({"title", "title_en", "inboxes", "teams", "night", "call_again_s", "wakes"})

SHIPPED = RosterDocument(
    title="出厂设置",
    title_en="As shipped",
    wind_down_s=15 * 60,
    sweep_s=10 * 60,
    no_transfer_s=5 * 60,
    only_on_duty=False,
    night="on_call",
    call_again_s=5 * 60,
    wakes=(DANGER,),
    break_quota=None,
    break_offer_s=2 * 60,
    wrap_up_s=30,
    absent_s=40 * 60,
    absent_ahead_s=4 * 3600,
    absent_all_s=3 * 24 * 3600,
)
"""The defaults of the trade (floor rules 2.5 to 2.7)."""


class RosterRules(msgspec.Struct, frozen=True, kw_only=True):
    wind_down: timedelta
    sweep: timedelta
    no_transfer: timedelta
    only_on_duty: bool
    night: Night
    call_again: timedelta
    wakes: tuple[Woken, ...]
    break_quota: int | None
    break_offer: timedelta
    wrap_up: timedelta
    absent: timedelta | None
    absent_ahead: timedelta
    absent_all: timedelta | None
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
        wakes=compile_waking(said.wakes or ()),
        break_quota=said.break_quota if isinstance(said.break_quota, int) else None,
        break_offer=_span(said.break_offer_s),
        wrap_up=_span(said.wrap_up_s),
        absent=_maybe(said.absent_s),
        absent_ahead=_span(said.absent_ahead_s),
        absent_all=_maybe(said.absent_all_s),
        source=source,
    )
    if rules.no_transfer > rules.wind_down:
        raise Invalid("who may not transfer any more is given nothing live either", "no_transfer_s")
    if rules.absent is not None and rules.absent_all is not None and rules.absent_all <= rules.absent:
        raise Invalid("what is due goes to the team first, and only later all the rest", "absent_all_s")
    if rules.break_quota == 0:
        raise Invalid("a quota of nobody: no break could ever be taken", "break_quota")
    return rules


def _check_together(documents: Mapping[str, RosterDocument]) -> None:
    check_rulings("roster", documents, compile_roster)
    for name, document in documents.items():
        of_people = [
            field for field in RosterDocument.__struct_fields__
            if field not in _AT_NIGHT
            and getattr(document, field) is not UNSET
        ]  # fmt: skip
        if document.inboxes and of_people:
            raise Invalid("shifts and breaks belong to people: to a team, not to an inbox", f"roster/{name}: inboxes")


def _check(document: RosterDocument) -> None:
    waking.check(document.wakes or (), "wakes")
    if document.night == "on_call" and document.wakes == ():
        raise Invalid("nothing would ever wake who is on call: name what does, or ask for a message", "wakes")


def _fits(document: RosterDocument, among: Published) -> None:
    check_asked(among, FIELDS, [(rule.when, f"wakes[{at}].when") for at, rule in enumerate(document.wakes or ())])


def _advise(document: RosterDocument, around: Around) -> Iterable[Advice]:
    for at, rule in enumerate(document.wakes or ()):
        yield from of_condition(rule.condition, f"wakes[{at}].when", around)


ROSTER = Kind(
    "roster", RosterDocument, _check, check_together=_check_together, verify=check_places,
    title=("排班规则", "Rosters"), default=SHIPPED, fields=FIELDS, fits=_fits, advise=_advise,
)  # fmt: skip

RosterBook: TypeAlias = Rulings[RosterDocument, RosterRules]


def roster_book() -> RosterBook:
    """The built-in rules, until it takes a release."""
    return Rulings(ROSTER, compile_roster)


def _span(seconds: int | UnsetType) -> timedelta:
    assert isinstance(seconds, int), "the shipped document says everything"
    return timedelta(seconds=seconds)


def _maybe(seconds: int | UnsetType | None) -> timedelta | None:
    return timedelta(seconds=seconds) if isinstance(seconds, int) else None
