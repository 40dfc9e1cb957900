"""What triage looks at and what it concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as triage finds it. `ready` was handed to routing already; `late` without having been judged. What was
    made `by_hand` has the priority somebody gave it."""

    ticket_id: UUID
    type: str
    type_sure: bool
    priority: int
    needs: dict[str, Any] = {}
    inbox_id: UUID | None = None
    team_id: UUID | None = None
    subject: str = ""
    locale: str | None = None
    level: int | None = None
    repeats: int = 0
    waiting_since: datetime | None = None
    created_at: datetime | None = None
    ready: bool = False
    reopened: bool = False
    by_hand: bool = False

    @property
    def late(self) -> bool:
        return self.ready and bool(self.needs.get("late"))


Facts = Mapping[str, object]
"""What rules may ask about: `rules.FIELDS`."""


class Conclusion(msgspec.Struct, frozen=True):
    """`skills` are keys that somebody in the house has. `matched` names the rules that held, `rules` their release.

    `found` is how urgent the matter is by itself, whatever priority the ticket had before. `told` are facts of further
    judges for the journal, `kept` what they keep for `settle`, `heard` what later words need not say again. `failed`
    are rules that were left out, with the fault.
    """

    type: str
    priority: int
    safety: bool = False
    skills: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    rules: str = ""
    found: int = 2
    heard: tuple[str, ...] = ()
    told: Mapping[str, Any] = {}
    kept: Mapping[str, object] = {}
    failed: tuple[tuple[str, str], ...] = ()


class Judged(msgspec.Struct, frozen=True):
    """`first` is what triage concluded by itself, `last` what stands after every further judge."""

    case: Case
    facts: Facts
    first: Conclusion
    last: Conclusion


class Judge(Protocol):
    """What else is judged before work is ready, in the order of the product: words, then priority.

    `judge` is pure, and may only add; `settle` writes what it keeps for itself, set-based, after the tickets changed.
    `asks` are the facts of this case it looks at.
    """

    def asks(self, case: Case) -> frozenset[str]: ...

    def judge(self, case: Case, facts: Facts, told: Conclusion, now: datetime) -> Conclusion: ...

    async def settle(self, tx: Tx, judged: Sequence[Judged], now: datetime) -> None: ...


class Gate(Protocol):
    """Looks at a batch before it is triaged, and may end what shall not become work."""

    async def __call__(self, tx: Tx, entries: Sequence[Entry], now: datetime) -> None: ...
