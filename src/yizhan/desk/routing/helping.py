"""Who helps an overrun team, as documents: each names one team, the steps of its chain, and when that is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.routing import overflow
from yizhan.desk.routing.model import Chain, LoadKind, Step
from yizhan.foundation.errors import Invalid
from yizhan.records.config import EMPTY_TEAM, Advice, Around, Circular, FaultLog, Kind, Places, Published

Length = Annotated[int, Meta(ge=1, le=10_000)]
Seconds = Annotated[int, Meta(ge=1, le=24 * 3600, description="seconds")]
_PRIORITIES: Mapping[str, int] = {"low": 1, "medium": 2, "high": 3, "urgent": 4}
_COUNTS: Mapping[str, tuple[LoadKind, ...]] = {
    "conversations": (LoadKind.LIVE,), "tickets": (LoadKind.ASYNC,), "all": (LoadKind.LIVE, LoadKind.ASYNC),
}  # fmt: skip


class OverflowStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """This team helps from so many waiting, or from such a wait of the first."""

    team: UUID
    waiting: Length | None = None
    wait_s: Seconds | None = None


class OverflowDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Over again when no more than `back_waiting` wait, none longer than `back_wait_s` (0: the wait does not matter).

    What is more urgent than `up_to` stays with its own team. `counts` is what makes the queue: `conversations`,
    `tickets` such as calls to be returned, or `all`.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    team: UUID
    steps: Annotated[tuple[OverflowStep, ...], Meta(min_length=1, max_length=5)]
    back_waiting: Annotated[int, Meta(ge=0, le=10_000)] = 0
    back_wait_s: Annotated[int, Meta(ge=0, le=24 * 3600)] = 0
    up_to: Literal["low", "medium", "high", "urgent"] = "high"
    counts: Literal["conversations", "tickets", "all"] = "conversations"


def compile_chain(document: OverflowDocument, source: str) -> Chain:
    steps = tuple(
        Step(s.team, s.waiting, timedelta(seconds=s.wait_s) if s.wait_s else None) for s in document.steps
    )  # fmt: skip
    return Chain(
        team_id=document.team, steps=steps, back_length=document.back_waiting,
        back_wait=timedelta(seconds=document.back_wait_s), most_priority=_PRIORITIES[document.up_to], rules=source,
        counts=_COUNTS[document.counts],
    )  # fmt: skip


def chains(published: Published, faults: FaultLog | None = None) -> list[Chain]:
    """Those in force. One that fails is left out, and noted: its team's work waits at home."""
    found: list[Chain] = []
    for name, each in published.all(OVERFLOW).items():
        source = f"overflow/{name}@{published.document('overflow', name).version}"
        try:
            found.append(compile_chain(each, source))
        except Exception as error:
            if faults is not None:
                faults.note("overflow", source, "", error)
    return found


class OverflowBook:
    """The chains of the release in force."""

    def __init__(self) -> None:
        self.faults = FaultLog()
        self.chains: Sequence[Chain] = ()

    def take(self, published: Published) -> None:
        self.chains = chains(published, self.faults)


def _check(document: OverflowDocument) -> None:
    seen = {document.team}
    most = 0
    for at, step in enumerate(document.steps):
        if step.waiting is None and step.wait_s is None:
            raise Invalid("say from how many waiting, or from which wait on, this team helps", f"steps[{at}]")
        if step.team in seen:
            raise Invalid("a team helps once, and not itself", f"steps[{at}].team")
        if step.waiting is not None and step.waiting <= document.back_waiting:
            raise Invalid("help begins above the length at which it ends", f"steps[{at}].waiting")
        if step.waiting is not None and step.waiting < most:
            raise Invalid("each step needs a queue at least as long as the one before", f"steps[{at}].waiting")
        if step.wait_s is not None and step.wait_s <= document.back_wait_s:
            raise Invalid("help begins above the wait at which it ends", f"steps[{at}].wait_s")
        seen.add(step.team)
        most = max(most, step.waiting or 0)


def _check_together(documents: Mapping[str, OverflowDocument]) -> None:
    """One document a team, and no circle: work that goes round is nobody's."""
    of: dict[UUID, str] = {}
    for name, document in documents.items():
        other = of.setdefault(document.team, name)
        if other != name:
            raise Invalid(f"overflow {other} and {name} are both for {document.team}", f"overflow/{name}: team")
    circle: Sequence[UUID] = overflow.loop(compile_chain(d, name) for name, d in documents.items())
    if circle:
        path = " → ".join(of.get(team, str(team)) for team in circle)
        raise Circular(f"these overflow into each other: {path}", f"overflow/{of[circle[0]]}: steps")


def _verify(document: OverflowDocument, there: Places) -> None:
    if document.team not in there.teams:
        raise Invalid(f"{document.team} does not exist", "team")
    for at, step in enumerate(document.steps):
        if step.team not in there.teams:
            raise Invalid(f"{step.team} does not exist", f"steps[{at}].team")


def _advise(document: OverflowDocument, around: Around) -> Iterable[Advice]:
    if around.is_empty(str(document.team)):
        yield Advice("team", EMPTY_TEAM)
    for at, step in enumerate(document.steps):
        if around.is_empty(str(step.team)):
            yield Advice(f"steps[{at}].team", EMPTY_TEAM)
    if all(step.wait_s is None for step in document.steps):
        yield Advice("steps", "no step says from which wait on: one customer alone could wait for ever")


OVERFLOW = Kind(
    "overflow", OverflowDocument, check=_check, check_together=_check_together, verify=_verify,
    title=("溢出", "Overflow"), advise=_advise,
)  # fmt: skip
