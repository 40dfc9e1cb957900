"""The words of routing: what waits, who sits there, what was decided and why. Ids and enums; text is made later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

MOST_LEVEL = 5
SENIOR_LEVEL = 4


class LoadKind(StrEnum):
    """Two loads that never block each other: people at the screen, and work that can wait its turn."""

    LIVE = "live"
    ASYNC = "async"


class WorkKind(StrEnum):
    CONVERSATION = "conversation"
    TICKET = "ticket"
    CONSULTATION = "consultation"  # somebody's part in one: never dealt out, carried beside other work

    @property
    def load(self) -> LoadKind:
        return LoadKind.LIVE if self is WorkKind.CONVERSATION else LoadKind.ASYNC


class Excluded(StrEnum):
    """Why somebody was no candidate, in the order in which it is looked at."""

    TEAM = "team"
    SKILL = "skill"  # lacks one, or has it at a lower level
    PRESENCE = "presence"  # not 在线
    LOST = "lost"  # 在线, but the connection is gone
    DUTY = "duty"  # 排班: not on duty now
    LEAVING = "leaving"  # 预下班: no new live work shortly before the shift ends
    RATED = "rated"  # it follows up a low rating of his
    RETURNED = "returned"  # gave this very work back a while ago, and somebody else may come free
    FULL = "full"
    ARRIVING = "arriving"  # has just come in, and took as many tickets as somebody may at once who did
    KEPT = "kept"  # has some room, which is kept for heavier work that comes first


class Term(StrEnum):
    """By what one candidate comes before another, in this order."""

    MISSED = "missed"  # let it wait before
    LACKS = "lacks"  # has not what it should have
    RETURNED = "returned"
    KNOWS = "knows"  # served this customer, or owns the matter
    WISHED = "wished"
    SENIOR = "senior"
    ROOM = "room"
    BUSY = "busy"
    IDLE = "idle"
    LOT = "lot"  # alike in everything


class Reason(StrEnum):
    """Why it went to whom it went."""

    ROOM = "room"  # the most free room, then the longest idle
    STICKY = "sticky"  # served it, or owns it, and has room
    TOPIC = "topic"  # spoke with him of the same matter half an hour ago at most
    OVERFLOW = "overflow"  # its own team is overrun: one of the teams that help out
    RETURNING = "returning"  # a sleeping customer came back to the same agent
    ADOPTED = "adopted"  # was the agent's already
    PULLED = "pulled"
    TRANSFERRED = "transferred"
    ASSIGNED = "assigned"  # 转派 by hand
    CONSULTED = "consulted"  # came into a 会诊


class Action(StrEnum):
    GIVE = "give"
    KEEP = "keep"  # the agent has it already: from now on it weighs
    FRONT = "front"  # cannot go back to its agent: to the front of the queue


class Reach(StrEnum):
    """How far somebody is looked for, the nearest first; only work that needs a skill goes beyond its team."""

    TEAM = "team"  # in the work's own team
    HOUSE = "house"  # whoever has the skill, in whatever team
    SHOULD = "should"  # who has the skill first, else the work's own team without it


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Something that needs somebody.

    `prefer` in order; `back_to` is the agent of a sleeper whose customer wrote again, `back_until` the end of that
    claim, `over` how far above the cap it may go; `held_by` has the ticket already and only the assignment is missing;
    who `returned` it rests until then, `missed` let it wait. From `house_at` every team is asked for the skill, from
    `should_at` it is no longer a must. Beside work that is `alone` nothing live is given. `rules` says which counted.

    `levels` are the least levels of skills that it must have; of `wishes` the more the better; `senior` goes to who is
    best at it. Who is `barred` never gets it. `bound_to` spoke of the same matter until `bound_until` and may go over
    the cap for it. Each `ageing` of waiting lifts it one step in the order. `pulled` work is dealt out to nobody:
    people take it.
    """

    id: UUID
    kind: WorkKind
    priority: int
    seniority: datetime
    since: datetime
    front: bool = False
    skills: frozenset[UUID] = frozenset()
    team_id: UUID | None = None
    prefer: tuple[UUID, ...] = ()
    back_to: UUID | None = None
    back_until: datetime | None = None
    held_by: UUID | None = None
    returned: Mapping[UUID, datetime] = {}
    missed: frozenset[UUID] = frozenset()
    over: int = 1
    weight: int = 1
    alone: bool = False
    house_at: datetime | None = None
    should_at: datetime | None = None
    rules: str = ""
    levels: Mapping[UUID, int] = {}
    wishes: frozenset[UUID] = frozenset()
    senior: bool = False
    bound_to: UUID | None = None
    bound_until: datetime | None = None
    ageing: timedelta | None = None
    pulled: bool = False
    barred: frozenset[UUID] = frozenset()

    @property
    def load(self) -> LoadKind:
        return self.kind.load


class Seat(msgspec.Struct, kw_only=True):
    """An agent as the board has him; the board counts on while its decisions are being written.

    A skill without a level is held at the highest. `handling_s` is his average handling time, 0 where unknown. Who came
    in at `came_at` with `came_with` tickets has a lower `async_cap` until `arrived_until`; `own_async_cap` is his own.
    """

    agent_id: UUID
    name: str = ""
    online: bool
    state: str = ""
    state_since: datetime | None = None
    away_since: datetime | None = None  # 离线, or the connection lost, since then
    lost: bool = False
    live: int = 0
    live_cap: int = 5
    async_: int = 0
    async_cap: int = 30
    alone: int = 0  # how much he has beside which nothing live is given
    idle_since: datetime
    skills: frozenset[UUID] = frozenset()
    teams: frozenset[UUID] = frozenset()
    levels: Mapping[UUID, int] = {}
    handling_s: int = 0
    off_duty: bool = False
    leaving: bool = False
    came_at: datetime | None = None
    came_with: int = 0
    own_async_cap: int | None = None
    arrived_until: datetime | None = None

    def level(self, skill: UUID) -> int:
        return self.levels.get(skill, MOST_LEVEL) if skill in self.skills else 0

    def room(self, load: LoadKind) -> int:
        if load is LoadKind.ASYNC:
            return self.async_cap - self.async_
        return 0 if self.alone else self.live_cap - self.live

    def carried(self, load: LoadKind) -> int:
        return self.live if load is LoadKind.LIVE else self.async_

    def carry(self, work: Work) -> None:
        if work.load is LoadKind.LIVE:
            self.live += work.weight
            self.alone += work.alone
        else:
            self.async_ += work.weight


class Judged(msgspec.Struct, frozen=True, omit_defaults=True):
    """One agent looked at for one piece of work: free room and seconds idle are what candidates are ranked by."""

    agent: UUID
    excluded: Excluded | None = None
    room: int = 0
    idle: int = 0
    preferred: bool = False
    missed: bool = False
    lacks: bool = False  # a skill that it only should have
    returned: bool = False  # gave it back before
    wished: int = 0  # levels in what it should have
    senior: bool = False  # where it goes to who is best at it
    carried: int = 0
    cap: int = 0
    busy: int = 0  # minutes until what he carries is done, by his average handling time
    level: int = 0  # the lowest he has in what it must have
    lacking: tuple[UUID, ...] = ()  # skills he has not, or not at the level


class Explanation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Kept with the assignment. `carried` of `cap` after it; `waited` in seconds; the chosen one is in `judged`.

    `asked` are the least levels of skills it must have, `wishes` those it should; it came to the queue of `team`.
    """

    reason: Reason
    waited: int
    carried: int
    cap: int
    judged: tuple[Judged, ...] = ()
    others: dict[Excluded, int] = {}  # excluded ones beyond those listed
    weight: int = 1
    reach: Reach = Reach.TEAM
    rules: str = ""  # the released documents that counted
    priority: int = 0  # as which it stood in the order
    helped: UUID | None = None  # the overrun team that it was taken from
    team: UUID | None = None
    asked: Mapping[UUID, int] = {}
    wishes: tuple[UUID, ...] = ()
    senior: bool = False  # went to who is best at it


class Decision(msgspec.Struct, frozen=True):
    action: Action
    work: Work
    agent_id: UUID | None
    explanation: Explanation | None = None


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """Work for an agent, to be written. `over` is how far above the cap it may go; None is no cap at all.

    Without a `weight` it weighs what the rules say of its channel.
    """

    kind: WorkKind
    work_id: UUID
    agent_id: UUID
    explanation: Explanation
    over: int | None = 0
    text: str | None = None  # a person's own note instead of the system's
    take: bool = False  # also from whoever has it: transfer, 转派
    weight: int | None = None
    alone: bool = False


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class Offer(msgspec.Struct, frozen=True):
    """A transfer on its way: the giver keeps the conversation until somebody accepts."""

    id: UUID
    work: WorkKind
    work_id: UUID
    from_agent: UUID | None
    to_agent: UUID | None
    to_team: UUID | None
    note: str
    state: OfferState
    created_at: datetime
    expires_at: datetime


class Refused(StrEnum):
    """Why a gift was not written."""

    GONE = "gone"  # ended, closed or merged meanwhile
    TAKEN = "taken"
    FULL = "full"
    AWAY = "away"


class Waiting(msgspec.Struct, frozen=True):
    """Fact: this needs somebody, in this form from now on."""

    work: Work


class Settled(msgspec.Struct, frozen=True):
    """Fact: this needs nobody any more."""

    work_id: UUID


class Seated(msgspec.Struct, frozen=True):
    """Fact: an agent as he is now."""

    seat: Seat


class Retired(msgspec.Struct, frozen=True):
    """Fact: this agent is no longer with us."""

    agent_id: UUID


class Step(msgspec.Struct, frozen=True):
    """From so many waiting, or so long a wait, this team helps out as well."""

    team_id: UUID
    length: int | None = None
    wait: timedelta | None = None


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """Who helps a team that is overrun, in order; over again when both the queue and the wait are below `back`.

    `most_priority` is the highest that may go elsewhere: what is more urgent stays with its own. `counts` is what makes
    the queue: people at the screen, or tickets such as calls to be returned as well.
    """

    team_id: UUID
    steps: tuple[Step, ...]
    back_length: int = 0
    back_wait: timedelta = timedelta(0)
    most_priority: int = 3
    rules: str = ""
    counts: tuple[LoadKind, ...] = (LoadKind.LIVE,)


class Spill(msgspec.Struct, frozen=True):
    """How far a team's chain is drawn on, and what made it so."""

    team_id: UUID
    steps: int
    helpers: tuple[UUID, ...]
    length: int
    waited: int
    most_priority: int = 3


Fact = Waiting | Settled | Seated | Retired
