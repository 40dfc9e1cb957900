"""The parameters of routing as documents: of the house, of a team, of an inbox. Documents say seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.routing.model import LoadKind
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    DEFAULT,
    Advice,
    Around,
    Kind,
    Places,
    Rulings,
    check_places,
    check_rulings,
    laid_over,
    of_teams,
)

Seconds = Annotated[int, Meta(ge=1, le=24 * 3600, description="seconds")]
Count = Annotated[int, Meta(ge=0, le=10)]
WrapUp = Annotated[int, Meta(ge=0, le=3600, description="seconds")]
Cap = Annotated[int, Meta(ge=0, le=1000)]
Channel = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$", description="a channel or default")]
Priority = Literal["low", "medium", "high", "urgent"]
_PRIORITIES: Mapping[Priority, int] = {"low": 1, "medium": 2, "high": 3, "urgent": 4}
_USUAL_LIVE, _USUAL_ASYNC = 5, 30  # what an agent may carry who was not given limits of his own
Share = Annotated[int, Meta(ge=1, le=50, description="of an agent's limit")]


class Factor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many times as much work of a priority takes of an agent's two limits."""

    live: Share = 1
    async_: Share = msgspec.field(default=1, name="async")


class Weight(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What work of a channel takes of an agent's two limits. Beside what is `alone` nothing live is given: a call."""

    live: Share = 1
    async_: Share = msgspec.field(default=1, name="async")
    alone: bool = False

    def of(self, load: LoadKind) -> int:
        return self.live if load is LoadKind.LIVE else self.async_


class SkillAsk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a skill that work asks for counts: from which level on, and whether it is a must or only wished for."""

    level: Annotated[int, Meta(ge=1, le=5)] = 1
    must: bool = True


class RoutingDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is left out is as in the document before: the inbox's own, the team's, the house's.

    `live_cap` and `async_cap` are limits for everybody beside each one's own; null is no such limit. `skill_should_s`
    and `move_s` null mean never. `by_priority` multiplies what work of a channel weighs. `skills` are keys. Each
    `ageing_live_s` or `ageing_async_s` of waiting lifts work one step in the order. Customers of `senior_from` and
    higher go to the best. Who spoke with a customer in the last `sticky_days` comes first if he has room. Who came in
    less than `arrival_s` ago takes `arrival_cap` more tickets at most. With `mode` pull nothing is dealt out: people
    take it. `wrap_up_s` is how long 话后整理 lasts after a conversation of a channel, 0 is none; a call without one has
    that of the roster.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    return_window_s: Seconds | UnsetType = UNSET
    over_for_returning: Count | UnsetType = UNSET
    away_grace_s: Seconds | UnsetType = UNSET
    weights: dict[Channel, Weight] | UnsetType = UNSET
    live_cap: Cap | UnsetType | None = UNSET
    async_cap: Cap | UnsetType | None = UNSET
    skill_wait_s: Seconds | UnsetType = UNSET
    skill_should_s: Seconds | UnsetType | None = UNSET
    returned_rest_s: Seconds | UnsetType = UNSET
    red_s: Seconds | UnsetType = UNSET
    move_s: Seconds | UnsetType | None = UNSET
    most_moves: Count | UnsetType = UNSET
    misses_to_busy: Count | UnsetType = UNSET
    offer_s: Seconds | UnsetType = UNSET
    transfers_before_lead: Count | UnsetType = UNSET
    by_priority: dict[Priority, Factor] | UnsetType = UNSET
    skills: dict[Channel, SkillAsk] | UnsetType = UNSET
    ageing_live_s: Seconds | UnsetType | None = UNSET
    ageing_async_s: Seconds | UnsetType | None = UNSET
    topic_s: Seconds | UnsetType | None = UNSET
    sticky_days: Annotated[int, Meta(ge=1, le=90)] | UnsetType | None = UNSET
    arrival_s: Seconds | UnsetType | None = UNSET
    arrival_cap: Cap | UnsetType = UNSET
    senior_from: Annotated[int, Meta(ge=1, le=100)] | UnsetType | None = UNSET
    mode: Literal["push", "pull"] | UnsetType = UNSET
    wrap_up_s: dict[Channel, WrapUp] | UnsetType = UNSET


SHIPPED = RoutingDocument(
    title="出厂设置",
    title_en="As shipped",
    return_window_s=30 * 60,
    over_for_returning=1,
    away_grace_s=3 * 60,
    weights={"default": Weight(), "call": Weight(alone=True)},
    live_cap=None,
    async_cap=None,
    skill_wait_s=60,
    skill_should_s=3 * 60,
    returned_rest_s=10 * 60,
    red_s=60,
    move_s=120,
    most_moves=2,
    misses_to_busy=2,
    offer_s=20,
    transfers_before_lead=2,
    by_priority={"urgent": Factor(async_=4), "high": Factor(async_=2)},
    skills={},
    ageing_live_s=10 * 60,
    ageing_async_s=4 * 3600,
    topic_s=30 * 60,
    sticky_days=7,
    arrival_s=10 * 60,
    arrival_cap=8,
    senior_from=2,
    mode="push",
    wrap_up_s={"default": 0},
)
"""The defaults of the trade (floor rules 1.2, 2.1, 2.5)."""


class RoutingRules(msgspec.Struct, frozen=True, kw_only=True):
    """`source` names the released documents they are from; a decision keeps it."""

    return_window: timedelta
    over_for_returning: int
    away_grace: timedelta
    weights: Mapping[str, Weight]
    live_cap: int | None
    async_cap: int | None
    skill_wait: timedelta
    skill_should: timedelta | None
    returned_rest: timedelta
    red: timedelta
    move: timedelta | None
    most_moves: int
    misses_to_busy: int
    offer_life: timedelta
    transfers_before_lead: int
    source: str
    by_priority: Mapping[int, Factor]
    skills: Mapping[str, SkillAsk]
    ageing: Mapping[LoadKind, timedelta | None]
    topic: timedelta | None
    sticky: timedelta | None
    arrival: timedelta | None
    arrival_cap: int
    senior_from: int | None
    pulled: bool
    wrap_ups: Mapping[str, timedelta] = {}

    def wrap_up(self, channel: str) -> timedelta | None:
        """How long 话后整理 lasts after it; None where the roster says it: after a call."""
        said = self.wrap_ups.get(channel)
        return self.wrap_ups.get("default", timedelta()) if said is None and channel != "call" else said

    def weight(self, channel: str, priority: int = 2) -> Weight:
        """What work of a channel weighs; three of low priority may weigh less than one that is urgent."""
        weight = self.weights.get(channel) or self.weights["default"]
        factor = self.by_priority.get(priority)
        if factor is None:
            return weight
        live, async_ = min(50, weight.live * factor.live), min(50, weight.async_ * factor.async_)
        return msgspec.structs.replace(weight, live=live, async_=async_)


def compile_routing(documents: Sequence[RoutingDocument], source: str) -> RoutingRules:
    """Weights are laid over channel by channel: who changes one leaves the others as they are."""
    said = SHIPPED
    for document in documents:
        weights = {**(said.weights or {}), **(document.weights or {})}
        factors = {**(said.by_priority or {}), **(document.by_priority or {})}
        skills = {**(said.skills or {}), **(document.skills or {})}
        spans = {**(said.wrap_up_s or {}), **(document.wrap_up_s or {})}
        said = msgspec.structs.replace(
            laid_over(said, document), weights=weights, by_priority=factors, skills=skills, wrap_up_s=spans
        )
    if isinstance(said.skill_should_s, int) and said.skill_should_s <= _number(said.skill_wait_s):
        raise Invalid("every team is asked for a skill before it is done without", "skill_should_s")
    if isinstance(said.move_s, int) and said.move_s < _number(said.red_s):
        raise Invalid("a customer is shown to the supervisor before he moves on", "move_s")
    return RoutingRules(
        return_window=_span(said.return_window_s),
        over_for_returning=_number(said.over_for_returning),
        away_grace=_span(said.away_grace_s),
        weights=said.weights or {},
        live_cap=_cap(said.live_cap),
        async_cap=_cap(said.async_cap),
        skill_wait=_span(said.skill_wait_s),
        skill_should=_maybe(said.skill_should_s),
        returned_rest=_span(said.returned_rest_s),
        red=_span(said.red_s),
        move=_maybe(said.move_s),
        most_moves=_number(said.most_moves),
        misses_to_busy=_number(said.misses_to_busy),
        offer_life=_span(said.offer_s),
        transfers_before_lead=_number(said.transfers_before_lead),
        source=source,
        by_priority={_PRIORITIES[name]: factor for name, factor in (said.by_priority or {}).items()},
        skills=said.skills or {},
        ageing={LoadKind.LIVE: _maybe(said.ageing_live_s), LoadKind.ASYNC: _maybe(said.ageing_async_s)},
        topic=_maybe(said.topic_s),
        sticky=timedelta(days=said.sticky_days) if isinstance(said.sticky_days, int) else None,
        arrival=_maybe(said.arrival_s),
        arrival_cap=_number(said.arrival_cap),
        senior_from=_cap(said.senior_from),
        pulled=said.mode == "pull",
        wrap_ups={channel: timedelta(seconds=span) for channel, span in (said.wrap_up_s or {}).items()},
    )


def _check_together(documents: Mapping[str, RoutingDocument]) -> None:
    check_rulings("routing", documents, compile_routing)
    for name, document in documents.items():
        if name != DEFAULT and document.away_grace_s is not UNSET:
            raise Invalid("who is away is away for every team and inbox", f"routing/{name}: away_grace_s")
        if name != DEFAULT and (document.arrival_s is not UNSET or document.arrival_cap is not UNSET):
            raise Invalid("who comes in comes for every team and inbox", f"routing/{name}: arrival_s")
        if document.inboxes and (_cap(document.live_cap), _cap(document.async_cap)) != (None, None):
            raise Invalid("limits belong to people: to a team, not to an inbox", f"routing/{name}: inboxes")


def _verify(document: RoutingDocument, there: Places) -> None:
    check_places(document, there)
    for key in document.skills or {}:
        if key not in there.skills:
            raise Invalid(f"there is no skill with the key {key}", f"skills.{key}")
        if there.held is not None and key not in there.held:
            raise Invalid(f"nobody who is active has the skill {key}: what needs it would wait", f"skills.{key}")


def _advise(document: RoutingDocument, around: Around) -> Iterable[Advice]:
    for name in ("live_cap", "async_cap"):
        if getattr(document, name) == 0:
            yield Advice(name, "a limit of 0: nobody is given anything")
    for channel, weight in (document.weights or {}).items():
        for share, usual in ((weight.live, _USUAL_LIVE), (weight.async_, _USUAL_ASYNC)):
            if share > usual:
                told = f"{channel} weighs {share}, more than anybody of {usual} can carry: it would wait for ever"
                yield Advice(f"weights.{channel}", told)
    for at, team in enumerate(document.teams):
        yield from of_teams([team], f"teams[{at}]", around)


ROUTING = Kind(
    "routing", RoutingDocument, check_together=_check_together, verify=_verify, title=("智能分配", "Routing"),
    default=SHIPPED, advise=_advise,
)  # fmt: skip

RoutingBook: TypeAlias = Rulings[RoutingDocument, RoutingRules]


def routing_book() -> RoutingBook:
    """The built-in parameters, until it takes a release."""
    return Rulings(ROUTING, compile_routing)


def limited(book: RoutingBook, teams: Iterable[UUID], live: int, async_: int) -> tuple[int, int]:
    """An agent's own limits under those of the house and of the agent's teams."""
    rules = [book.of(None, team) for team in teams] or [book.of()]
    lives = [r.live_cap for r in rules if r.live_cap is not None]
    asyncs = [r.async_cap for r in rules if r.async_cap is not None]
    return min([live, *lives]), min([async_, *asyncs])


def _number(count: int | UnsetType) -> int:
    assert isinstance(count, int), "the shipped document says everything"
    return count


def _span(seconds: int | UnsetType) -> timedelta:
    return timedelta(seconds=_number(seconds))


def _cap(cap: int | UnsetType | None) -> int | None:
    return cap if isinstance(cap, int) else None


def _maybe(seconds: int | UnsetType | None) -> timedelta | None:
    return timedelta(seconds=seconds) if isinstance(seconds, int) else None
