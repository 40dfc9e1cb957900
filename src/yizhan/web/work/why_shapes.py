"""An opened decision on the wire: names instead of ids wherever somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import routing
from yizhan.desk.routing import Candidate, Coming, Judged, Told, Why, Work, wording

_MOST = 60


class DocumentRef(msgspec.Struct):
    """A version of a document of the configuration, by what people call it."""

    kind: str
    name: str
    title: str
    version: int


class SkillAsked(msgspec.Struct):
    """`level` is the least that it must be held at; None where the skill is only wished for."""

    name: str
    level: int | None


class CandidateShape(msgspec.Struct):
    """`excluded` names what keeps the agent from it, null when nothing does, and `until` when that ends by itself.

    Of those who could take it the first stands first, and `behind` says by what another stands behind him: the first of
    missed, lacks, returned, knows, wished, senior, room, busy, idle in which they differ. `busy` are minutes, `idle`
    seconds, `level` the lowest of the skills asked for. `presence` is empty in what was decided before.
    """

    agent_id: UUID
    name: str
    excluded: str | None
    room: int
    carried: int
    cap: int
    presence: str
    presence_seconds: int
    until: datetime | None = None
    behind: str | None = None
    lacking: list[str] = []
    level: int = 0
    busy: int = 0
    idle: int = 0
    wished: int = 0
    knows: bool = False
    senior: bool = False
    missed: bool = False
    returned: bool = False
    lacks: bool = False


class ComingShape(msgspec.Struct):
    """What happens by itself: house, should, ageing, overflow, rested, arrived, red, move, promotion, due.

    Without `at` no time decides: from `length` waiting on, and `now` there are. `target` is the promise that comes due.
    """

    what: str
    at: datetime | None = None
    team: str | None = None
    agent: str | None = None
    priority: int | None = None
    length: int | None = None
    now: int | None = None
    target: str | None = None


class HelpingShape(msgspec.Struct):
    """The teams that help the overrun one just now, and what made it so."""

    helpers: list[str]
    waiting: int
    seconds: int


class DecidedShape(msgspec.Struct):
    """One assignment as it was explained when it was made, and how it ended; its candidates, the chosen one first."""

    agent_id: UUID
    agent: str
    at: datetime
    ended_at: datetime | None
    ending: str | None
    reason: str
    waited: int
    carried: int
    cap: int
    weight: int
    priority: int
    reach: str
    team: str | None
    helped: str | None
    senior: bool
    skills: list[SkillAsked]
    documents: list[DocumentRef]
    candidates: list[CandidateShape]
    others: dict[str, int]


class WhyShape(msgspec.Struct):
    """`reach` is how far somebody is looked for (team, house, should), `wider_in` the seconds until it goes further.

    `text` says in the viewer's language what it waits for; `ahead` stand before it; `others` counts the candidates
    beyond those listed; `decisions` are all that were made of it, the newest first.
    """

    state: str
    waits_for: str
    waited: int
    reach: str
    wider_in: int | None
    text: str
    team: str | None
    priority: int | None
    skills: list[SkillAsked]
    senior: bool
    pulled: bool
    ahead: int | None
    helping: HelpingShape | None
    documents: list[DocumentRef]
    candidates: list[CandidateShape]
    others: dict[str, int]
    coming: list[ComingShape]
    decisions: list[DecidedShape]


Names = Mapping[UUID, str]
Documents = Callable[[str], list[DocumentRef]]


def why_shape(why: Why, names: Names, documents: Documents, more: Sequence[ComingShape], locale: str) -> WhyShape:
    work, spill = why.work, why.spill
    coming = [*(_coming(each, names) for each in why.coming), *more]
    others: dict[str, int] = {}
    for beyond in why.candidates[_MOST:]:
        key = str(beyond.excluded or "able")
        others[key] = others.get(key, 0) + 1
    return WhyShape(
        state=why.state,
        waits_for=why.waits_for,
        waited=why.waited,
        reach=why.reach,
        wider_in=why.wider_in,
        text=wording.waiting_for(why, locale),
        team=names.get(work.team_id) if work and work.team_id else None,
        priority=work.priority if work else None,
        skills=_asked_of(work, names) if work else [],
        senior=work.senior if work else False,
        pulled=work.pulled if work else False,
        ahead=why.ahead,
        helping=HelpingShape([names.get(h, "") for h in spill.helpers], spill.length, spill.waited) if spill else None,
        documents=documents(why.rules),
        candidates=[_candidate(c, names) for c in why.candidates[:_MOST]],
        others=others,
        coming=sorted(coming, key=lambda c: (c.at is None, c.at.timestamp() if c.at else 0.0)),
        decisions=[_decided(past, names, documents) for past in why.decided],
    )


def _asked_of(work: Work, names: Names) -> list[SkillAsked]:
    return _skills({skill: work.levels.get(skill, 1) for skill in work.skills}, work.wishes, names)


def _skills(asked: Mapping[UUID, int], wishes: Sequence[UUID] | frozenset[UUID], names: Names) -> list[SkillAsked]:
    must = [SkillAsked(names[skill], level) for skill, level in asked.items() if skill in names]
    return must + [SkillAsked(names[skill], None) for skill in sorted(wishes) if skill in names]


def _coming(one: Coming, names: Names) -> ComingShape:
    team, agent = (names.get(id) if id else None for id in (one.team, one.agent))
    return ComingShape(one.what, one.at, team, agent, one.priority, one.length, one.now)


def _candidate(one: Candidate, names: Names) -> CandidateShape:
    shape = CandidateShape(
        one.agent_id, one.name, one.excluded, one.room, one.carried, one.cap, one.state, one.state_s, one.until,
        one.behind,
    )  # fmt: skip
    return _compared(shape, one.judged, names) if one.judged else shape


def _compared(shape: CandidateShape, j: Judged, names: Names) -> CandidateShape:
    shape.lacking = [names[skill] for skill in j.lacking if skill in names]
    shape.level, shape.busy, shape.idle, shape.wished = j.level, j.busy, j.idle, j.wished
    shape.knows, shape.senior, shape.missed = j.preferred, j.senior, j.missed
    shape.returned, shape.lacks = j.returned, j.lacks
    return shape


def _decided(past: Told, names: Names, documents: Documents) -> DecidedShape:
    e = past.explanation
    first = next((j for j in e.judged if j.agent == past.agent_id), None)
    return DecidedShape(
        agent_id=past.agent_id, agent=past.agent, at=past.at, ended_at=past.ended_at, ending=past.ending,
        reason=e.reason, waited=e.waited, carried=e.carried, cap=e.cap, weight=e.weight, priority=e.priority,
        reach=e.reach, team=names.get(e.team) if e.team else None, helped=names.get(e.helped) if e.helped else None,
        senior=e.senior, skills=_skills(e.asked, e.wishes, names), documents=documents(e.rules),
        candidates=[_then(j, first, names) for j in e.judged],
        others={str(why): count for why, count in e.others.items()},
    )  # fmt: skip


def _then(j: Judged, first: Judged | None, names: Names) -> CandidateShape:
    """As he stood when it was decided."""
    rival = first is not None and j.agent != first.agent and j.excluded is None
    behind = routing.behind(first, j) if rival and first is not None else None
    shape = CandidateShape(j.agent, names.get(j.agent, ""), j.excluded, j.room, j.carried, j.cap, "", 0, None, behind)
    return _compared(shape, j, names)
