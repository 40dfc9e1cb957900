"""What is counted, and what has to be remembered to count it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

QUARTER = 900
"""Seconds of one bucket. Zones shift by quarters of an hour, so every local midnight is a border."""

WAITS = (10, 20, 30, 60, 120, 180, 300, 600)
"""Bounds in seconds by which waits for a person are counted; a ninth place is for those that took longer."""

Key = str
"""Where something happened, as it is kept: `team|channel|inbox`, each part possibly empty."""


class Scope(msgspec.Struct, frozen=True, order=True):
    """`kind` all, team, channel or inbox, and of lists agent; `id` is theirs, or a channel's name."""

    kind: str
    id: str = ""


ALL = Scope("all")


class Place(msgspec.Struct, frozen=True):
    team: str
    channel: str
    inbox: str

    @property
    def scopes(self) -> tuple[Scope, ...]:
        named = (("team", self.team), ("channel", self.channel), ("inbox", self.inbox))
        return (ALL, *(Scope(kind, id) for kind, id in named if id))


@lru_cache(maxsize=4096)
def key_of(team: UUID | None, channel: str, inbox: str | None) -> Key:
    return f"{team or ''}|{channel}|{inbox or ''}"


@lru_cache(maxsize=4096)
def place_of(key: Key) -> Place:
    return Place(*key.split("|"))


class Spell(msgspec.Struct, gc=False, array_like=True):
    """A conversation under way. Times are seconds of the epoch; `first` is when its customer began to wait for a
    person's first word, `queued` when he first asked for one, `picked` when somebody first had him."""

    key: Key
    phase: str
    live: bool
    queued: float | None = None
    first: float | None = None
    waiting: float | None = None
    agent: UUID | None = None
    picked: float | None = None
    replied: bool = False
    asleep: bool = False


class Counts(msgspec.Struct, gc=False, array_like=True):
    """What happened in one quarter of an hour at one place. `*_s` are sums of seconds over what stands before.

    `written` are mails and the like that came in, `letters` their first answers; all else is of live conversations.
    `received` are those the assistant received, `handed` those it handed on, `self_served` those it solved.
    """

    entered: int = 0
    written: int = 0
    letters: int = 0
    letters_s: float = 0.0
    asked: int = 0
    picked: int = 0
    waited_s: float = 0.0
    waits: list[int] = msgspec.field(default_factory=lambda: [0] * (len(WAITS) + 1))
    replied: int = 0
    replied_s: float = 0.0
    unreplied: int = 0
    given: int = 0
    abandoned: int = 0
    missed: int = 0
    ended: int = 0
    rated: int = 0
    starred: int = 0
    stars: int = 0
    judged: int = 0
    solved: int = 0
    delivery_failures: int = 0
    sla_breaches: int = 0
    received: int = 0
    handed: int = 0
    self_served: int = 0

    def add(self, other: Counts) -> None:
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.waits = [a + b for a, b in zip(self.waits, other.waits, strict=True)]


_SUMS = tuple(name for name in Counts.__struct_fields__ if name != "waits")


class Done(msgspec.Struct, gc=False, array_like=True):
    """What one agent did in a quarter of an hour: conversations ended, tickets solved."""

    ended: int = 0
    solved: int = 0


class Presence(msgspec.Struct, gc=False, array_like=True):
    state: str = "offline"
    since: float = 0.0
    lost: bool = False


class Rated(msgspec.Struct, gc=False, array_like=True):
    """The last word of a customer, so that a later one replaces it."""

    quarter: int
    key: Key
    stars: int | None
    solved: bool | None


class Mark(msgspec.Struct, gc=False, array_like=True):
    """A conversation behind a number that somebody may ask about, and what it adds to a mean: seconds."""

    at: float
    key: Key
    id: UUID
    value: float = 0.0


class Unassigned(msgspec.Struct, gc=False, array_like=True):
    """A ticket 待分配 that nobody has, of a team or none, since then."""

    team: str
    since: float


class Late(msgspec.Struct, gc=False, array_like=True):
    """A ticket with promises nearly or really late: each target `warned` or `breached`; those `held` are paused."""

    team: str
    marks: dict[UUID, str] = {}
    held: dict[UUID, str] = {}


class Seat(msgspec.Struct, frozen=True):
    """What the journal does not say of an agent."""

    name: str
    live_cap: int
    teams: tuple[str, ...]


class Person(msgspec.Struct, frozen=True):
    """One agent as the monitor shows him; `done` are what he ended and solved since midnight."""

    id: UUID
    name: str
    teams: tuple[str, ...]
    state: str
    since: datetime | None
    lost: bool
    live: int
    live_cap: int
    ended: int
    solved: int


class Hour(msgspec.Struct, frozen=True):
    """`channels` is who came in by which."""

    at: datetime
    entered: int
    picked: int
    abandoned: int
    channels: dict[str, int]


class State(msgspec.Struct, array_like=True):
    """Everything after the entry at `pos`: a function of the journal up to there and of nothing else."""

    pos: int = 0
    latest: float = 0.0
    spells: dict[UUID, Spell] = {}
    quarters: dict[int, dict[Key, Counts]] = {}
    done: dict[int, dict[UUID, Done]] = {}
    presences: dict[UUID, Presence] = {}
    loads: dict[UUID, int] = {}
    late: dict[UUID, Late] = {}
    ratings: dict[UUID, Rated] = {}
    channels: dict[str, str] = {}
    marks: dict[str, list[Mark]] = {}
    unassigned: dict[UUID, Unassigned] = {}
