"""What routing answers when it is asked: why something waits, who could take it, why it went to whom it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from yizhan.desk.routing.model import Excluded, Explanation, Judged, Reach, Spill, Term, Work


class Candidate(msgspec.Struct, frozen=True):
    """One agent in the answer to 为什么在等, with all he is compared by."""

    agent_id: UUID
    name: str
    excluded: Excluded | None
    room: int
    carried: int
    cap: int
    state: str
    state_s: int
    judged: Judged | None = None
    until: datetime | None = None  # when what keeps him from it ends by itself
    behind: Term | None = None  # by what he stands behind the first who could take it


class WaitsFor(StrEnum):
    NOTHING = "nothing"
    TRIAGE = "triage"  # not classified yet
    TURN = "turn"  # somebody is free: it comes next
    ROOM = "room"  # everybody able is full
    PERSON = "person"  # nobody able is there
    SKILL = "skill"  # nobody at all has the skill or belongs to the team
    PULL = "pull"  # people take it themselves
    LIVE = "live"  # a ticket whose customer is in a live conversation: that one is routed


class Change(StrEnum):
    """What happens by itself while something waits, or waits for its first word."""

    HOUSE = "house"  # every team is asked for the skill
    SHOULD = "should"  # it is done without the skill
    AGEING = "ageing"  # one step up in the order
    OVERFLOW = "overflow"  # one more team helps
    RESTED = "rested"  # who gave it back may have it again
    ARRIVED = "arrived"  # who has just come in takes tickets without limit
    RED = "red"  # shown to the supervisor
    MOVE = "move"  # to the next agent


class Coming(msgspec.Struct, frozen=True):
    """`at` is None where no time decides, but `length`: from so many waiting on, `now` there are."""

    what: Change
    at: datetime | None = None
    team: UUID | None = None
    agent: UUID | None = None
    priority: int | None = None
    length: int | None = None
    now: int | None = None


class Told(msgspec.Struct, frozen=True):
    """An assignment as it was explained when it was made; one that is over says how it ended."""

    agent_id: UUID
    agent: str
    explanation: Explanation
    at: datetime
    ended_at: datetime | None = None
    ending: str | None = None


class Why(msgspec.Struct, frozen=True):
    """`state` is 'waiting', 'assigned' or 'over'; the words for all of it are made by `wording`.

    `reach` is how far somebody is looked for now, `wider_in` the seconds until it goes further by itself. `ahead` stand
    before it in the order; `coming` is what changes by itself, the soonest first; `spill` how far other teams help its
    own just now; `decided` is what was decided about it so far, as it was, the newest first.
    """

    state: str
    assignment: Told | None
    candidates: list[Candidate]
    waits_for: WaitsFor
    waited: int = 0
    reach: Reach = Reach.TEAM
    wider_in: int | None = None
    rules: str = ""
    work: Work | None = None
    ahead: int | None = None
    coming: tuple[Coming, ...] = ()
    spill: Spill | None = None
    decided: tuple[Told, ...] = ()


class QueueState(msgspec.Struct, frozen=True):
    """The place in the queue, which never rises, and the wait to be expected in seconds."""

    position: int
    eta_s: int
