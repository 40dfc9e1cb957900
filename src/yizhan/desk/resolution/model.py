"""What speaks for and against two contacts being one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

MISSING = "missing"
"""The level of a field that one of the two has nothing in: it says nothing."""
DIFFERENT = "different"


class Mark(StrEnum):
    """Where a value comes from."""

    SEEN = "seen"  # a channel, a source or a proof
    TOLD = "told"  # the customer alone says so, or it was his once
    SHARED = "shared"  # 共用, 总机: of many people


class Known(msgspec.Struct, frozen=True):
    """What of one record may be compared. `keys` are compared for equality only, `texts` by how alike they are.
    `mobiles` are those verified lately."""

    keys: Mapping[str, Mapping[bytes, Mark]] = {}
    texts: Mapping[str, Sequence[str]] = {}
    mobiles: frozenset[bytes] = frozenset()


class Finding(msgspec.Struct, frozen=True):
    """How two agree in one field, and what that weighs, in bits. `told`: it rests on the customer's own words."""

    field: str
    level: str
    weight: float
    told: bool = False


class Verdict(StrEnum):
    LINK = "link"
    REVIEW = "review"
    NOTHING = "nothing"
    CONFLICT = "conflict"


class Judgement(msgspec.Struct, frozen=True):
    """`bits` is log2 of the odds. `held` says why a pair that weighs enough is left to people."""

    verdict: Verdict
    bits: float
    findings: tuple[Finding, ...]
    held: str = ""


class CandidateState(StrEnum):
    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"
    LINKED = "linked"  # by its score
    DROPPED = "dropped"  # what spoke for it is gone


class Candidate(msgspec.Struct, frozen=True):
    id: UUID
    a_contact: UUID
    b_contact: UUID
    state: CandidateState
    bits: float
    findings: tuple[Finding, ...]
    held: str
    found_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    link_id: UUID | None


class Run(msgspec.Struct, frozen=True):
    """`links`, `candidates` and `conflicts` are what was done, or what would be where it is dry."""

    id: UUID
    dry: bool
    state: str
    total: int
    done: int
    pairs: int
    links: int
    candidates: int
    conflicts: int
    after: UUID
    by: str
    created_at: datetime
    ended_at: datetime | None


class Previewed(msgspec.Struct, frozen=True):
    a_contact: UUID
    b_contact: UUID
    verdict: Verdict
    bits: float
    findings: tuple[Finding, ...]
