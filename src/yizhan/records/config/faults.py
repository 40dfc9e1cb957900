"""A rule in force that fails all the same holds nothing up: it is left out, told to the journal once, and so to people.

Once for each rule and release, whichever process sees it and however often it was started; from then on it is counted.
Who judges by rules has often no transaction at hand: the failure is noted, and told by the next who has one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.log import get_logger
from yizhan.records.config import store
from yizhan.records.config.model import RuleFault
from yizhan.records.config.policy import sources

log = get_logger(__name__)

RULE_FAILED = "rule.failed"
"""Event: a rule was skipped. Subject: its document; data: kind, name, rule, source, error."""
_LONGEST = 200
_COUNTED_EVERY = timedelta(minutes=1)


class FaultLog:
    """What failed in this process and is not written down yet."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str]] = set()
        self._waiting: dict[tuple[str, str, str], RuleFault] = {}
        self._new = False
        self._written: datetime | None = None

    def note(self, kind: str, source: str, rule: str, error: Exception | str) -> None:
        key = kind, source, rule
        known = self._waiting.get(key)
        said = known.error if known else (error if isinstance(error, str) else repr(error))[:_LONGEST]
        self._waiting[key] = RuleFault(kind, source, rule, said, known.times + 1 if known else 1)
        if key not in self._seen:
            self._seen.add(key)
            self._new = True
            log.error(RULE_FAILED, kind=kind, source=source, rule=rule, error=said)

    async def tell(self, tx: Tx, *, actor: str, now: datetime) -> None:
        """Nothing is asked of the database while nothing failed, and for what is known already once in a while."""
        if not self._waiting or not (self._new or self._written is None or now - self._written >= _COUNTED_EVERY):
            return
        failed, self._waiting, self._new, self._written = list(self._waiting.values()), {}, False, now
        fresh = await store.count_faults(tx, failed, now)
        await emit(tx, [await _event(tx, fault, actor, now) for fault in failed if fault.key in fresh])

    def __bool__(self) -> bool:
        return self._new


async def _event(tx: Tx, fault: RuleFault, actor: str, now: datetime) -> Event:
    """About the most special of the documents it is from."""
    found = {(d.name, d.version): d for d in await store.picked(tx, picks)} if (picks := sources(fault.source)) else {}
    document = next((found[p.name, p.version] for p in reversed(picks) if (p.name, p.version) in found), None)
    name = document.name if document else ""
    return Event(
        kind=RULE_FAILED, subject=document.id if document else uuid5(NAMESPACE_URL, f"{fault.kind}:{fault.source}"),
        subject_version=document.version if document else 1, at=now, actor=actor,
        data={"kind": fault.kind, "name": name, "rule": fault.rule, "source": fault.source, "error": fault.error},
    )  # fmt: skip
