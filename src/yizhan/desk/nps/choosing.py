"""Whom of those looked at a run invites. A condition that fails all the same holds no run up: who cannot be judged is
not asked, and people are told once a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.nps import policy, store
from yizhan.desk.nps.model import Person, Spared, Way
from yizhan.desk.nps.policy import Holds
from yizhan.desk.nps.rules import NPS_CAMPAIGN, NpsDocument
from yizhan.foundation.conditions import compile_closure
from yizhan.foundation.db import Tx
from yizhan.records.config import FaultLog

Chosen = list[tuple[UUID, Way]]


async def choose(
    tx: Tx, document: NpsDocument, period: str, persons: Sequence[UUID], since: datetime, now: datetime,
    faults: FaultLog, source: str,
) -> tuple[Chosen, Counter[str]]:  # fmt: skip
    holds, chosen, spared = _judge(document, faults, source), Chosen(), Counter[str]()
    for person in await store.people(tx, persons, since, now):
        why = _spared(person, document, holds, period, now, faults, source)
        way = policy.way_to(person, document)
        if why is None and way is not None:
            chosen.append((person.person_id, way))
        elif why is not None:
            spared[why] += 1
    return chosen, spared


async def tell(tx: Tx, faults: FaultLog, spared_before: Mapping[str, int], now: datetime) -> None:
    """Of a run's first batch in which somebody could not be judged."""
    if not spared_before.get(Spared.FAILED):
        await faults.tell(tx, actor="system", now=now)


def _judge(document: NpsDocument, faults: FaultLog, source: str) -> Holds | None:
    try:
        return compile_closure(document.condition)
    except Exception as failed:  # whatever it is, it must not hold up the run
        faults.note(NPS_CAMPAIGN.name, source, "when", failed)
        return None


def _spared(
    person: Person, document: NpsDocument, holds: Holds | None, period: str, now: datetime, faults: FaultLog,
    source: str,
) -> Spared | None:  # fmt: skip
    if holds is None:
        return Spared.FAILED
    try:
        return policy.spared(person, document, holds, period, now)
    except Exception as failed:  # of this one customer
        faults.note(NPS_CAMPAIGN.name, source, "when", failed)
        return Spared.FAILED
