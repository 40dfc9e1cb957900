"""A rule in force that fails all the same holds nothing up: it is left out, told to the journal once, and so to people.

Who judges by rules has often no transaction at hand: the failure is noted, and told by the next who has one.
"""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.log import get_logger
from yizhan.records.config import store
from yizhan.records.config.policy import sources

log = get_logger(__name__)

RULE_FAILED = "rule.failed"
"""Event: a rule was skipped. Subject: its document; data: kind, name, rule, source, error."""
_LONGEST = 200


class RuleFault(msgspec.Struct, frozen=True):
    """`source` names the released documents, as decisions keep it; `rule` is the key of one of its rules, or empty."""

    kind: str
    source: str
    rule: str
    error: str


class FaultLog:
    """Each failure of a release once, however often it happens."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str]] = set()
        self._new: list[RuleFault] = []

    def note(self, kind: str, source: str, rule: str, error: Exception | str) -> None:
        key = kind, source, rule
        if key in self._seen:
            return
        self._seen.add(key)
        said = error if isinstance(error, str) else repr(error)
        fault = RuleFault(kind, source, rule, said[:_LONGEST])
        self._new.append(fault)
        log.error(RULE_FAILED, kind=kind, source=source, rule=rule, error=fault.error)

    async def tell(self, tx: Tx, *, actor: str, now: datetime) -> None:
        """Nothing is asked of the database while nothing failed."""
        if not self._new:
            return
        new, self._new = self._new, []
        await emit(tx, [await _event(tx, fault, actor, now) for fault in new])

    def __bool__(self) -> bool:
        return bool(self._new)


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
