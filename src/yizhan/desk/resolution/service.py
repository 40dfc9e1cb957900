"""Looking at contacts, linking what weighs enough, asking people about the rest, and doing what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.resolution import evidence, policy, store
from yizhan.desk.resolution.estimating import Pattern, Proposal, estimate, proposal
from yizhan.desk.resolution.model import MISSING, Candidate, CandidateState, Judgement, Previewed, Verdict
from yizhan.desk.resolution.rules import ResolutionDocument, probability_of
from yizhan.desk.resolution.store import Pair, Weighed
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.log import get_logger
from yizhan.records import contacts
from yizhan.records.contacts import Strength

log = get_logger(__name__)

_DECISIONS = 2000
ACTOR = "resolution"
FOUND = "contact.matched"
"""Event: two contacts may be one person, and wait for people."""
DECIDED = "contact.judged"
"""Event: somebody said whether they are."""


class Examined(msgspec.Struct, frozen=True):
    """What became of the pairs that were weighed. `links` are still to be made, each in a transaction of its own;
    `nothing` are those that weigh too little."""

    links: tuple[Weighed, ...]
    review: tuple[Weighed, ...]
    conflicts: tuple[Weighed, ...]
    nothing: tuple[Weighed, ...]


async def weigh(tx: Tx, vault: Vault, rules: ResolutionDocument, ids: Collection[UUID], now: datetime) -> Examined:
    """These contacts against everybody who has something in common with them. Writes only what they are compared by."""
    ordered = sorted(ids)
    await evidence.write_keys(tx, vault, ordered)
    fields = [each.field for each in rules.fields if each.finds and each.how == "key"]
    found = await store.pairs(tx, ordered, ["number", *fields] if "shared_number" in fields else fields,
                              rules.most_shared)  # fmt: skip
    judged = await _judge(tx, rules, found, now)
    by = {verdict: tuple(w for w in judged if w.judgement.verdict is verdict) for verdict in Verdict}
    return Examined(by[Verdict.LINK], by[Verdict.REVIEW], by[Verdict.CONFLICT], by[Verdict.NOTHING])


async def examine(
    db: Database, vault: Vault, rules: ResolutionDocument, ids: Collection[UUID], now: datetime
) -> Examined:
    """Weighs, asks people where it must, and links."""
    async with db.transaction() as tx:
        found = await weigh(tx, vault, rules, ids, now)
        await ask(tx, ids, found.review, now)
    return msgspec.structs.replace(found, links=tuple([w for w in found.links if await link(db, w, now)]))


async def ask(tx: Tx, ids: Collection[UUID], review: Sequence[Weighed], now: datetime) -> None:
    """These pairs wait for people; what waited for these contacts and weighs too little now waits no longer."""
    await store.drop_candidates(tx, ids, [w.pair for w in review])
    rows = await store.put_candidates(tx, review, now)
    await emit(tx, [
        _event(FOUND, row["id"], row["a_contact"], now, ACTOR, {"other": row["b_contact"]})
        for row in rows if row["fresh"]
    ])  # fmt: skip


async def link(db: Database, weighed: Weighed, now: datetime) -> bool:
    """False where something came between: then the pair is looked at again another time."""
    one, other = weighed.pair
    try:
        async with db.transaction() as tx:
            await join(tx, weighed, now)
    except Conflict as error:
        log.info("resolution.not_linked", one=str(one), other=str(other), reason=error.message)
        return False
    return True


async def join(tx: Tx, weighed: Weighed, now: datetime) -> UUID:
    """By weight alone. Raises Conflict where they are linked already, or cannot be."""
    judgement = weighed.judgement
    link_id = await contacts.link_contacts(
        tx, *weighed.pair, strength=Strength.JUDGED, evidence=_told(judgement.bits, judgement.findings),
        actor=ACTOR, now=now,
    )  # fmt: skip
    await store.put_linked(tx, weighed, link_id, now)
    return link_id


async def decide(tx: Tx, candidate_id: UUID, *, same: bool, note: str, actor: str, now: datetime) -> Candidate:
    """A person's word: linked with all that speaks for it, or never asked again."""
    c = await store.candidate(tx, candidate_id)
    if c.state is not CandidateState.OPEN:
        raise Conflict("somebody has decided this already")
    link_id = None
    if same:
        link_id = await contacts.link_contacts(
            tx, c.a_contact, c.b_contact, strength=Strength.JUDGED, evidence=_told(c.bits, c.findings, note),
            actor=actor, now=now,
        )  # fmt: skip
    state = CandidateState.SAME if same else CandidateState.DIFFERENT
    await store.settle(tx, c.id, state, now, actor, link_id, note)
    await emit(tx, [_event(DECIDED, c.id, c.a_contact, now, actor, {"other": c.b_contact, "state": state}, 2)])
    return msgspec.structs.replace(c, state=state, decided_at=now, decided_by=actor, link_id=link_id)


async def learn(tx: Tx, rules: ResolutionDocument) -> Proposal:
    """What the latest decisions of people would make of the weights."""
    return proposal(rules, await store.decided(tx, _DECISIONS))


async def learn_from_run(tx: Tx, rules: ResolutionDocument) -> Proposal:
    """What the pairs that the latest run met would make of them, whatever anybody said."""
    counted: Counter[Pattern] = Counter()
    for levels, times in await store.patterns(tx):
        counted[tuple([levels.get(field.field, MISSING) for field in rules.fields])] += times
    return estimate(rules, counted, await store.decided(tx, _DECISIONS))


async def compare(tx: Tx, vault: Vault, rules: ResolutionDocument, one: UUID, other: UUID, now: datetime) -> Judgement:
    """What speaks for and against these two being one person, whoever asks."""
    await evidence.write_keys(tx, vault, sorted({one, other}))
    known = await evidence.known(tx, [one, other], now)
    return policy.judge(rules, known[one], known[other])


async def _judge(tx: Tx, rules: ResolutionDocument, pairs: Sequence[Pair], now: datetime) -> list[Weighed]:
    known = await evidence.known(tx, sorted({id for pair in pairs for id in pair}), now) if pairs else {}
    return [Weighed(new_id(now), (a, b), policy.judge(rules, known[a], known[b])) for a, b in pairs]


def previewed(found: Iterable[Weighed]) -> list[Previewed]:
    return [Previewed(*w.pair, w.judgement.verdict, w.judgement.bits, w.judgement.findings) for w in found]


def _told(bits: float, findings: Sequence[Any], note: str = "") -> dict[str, Any]:
    return {
        "kind": "score", "bits": round(bits, 2), "probability": round(probability_of(bits), 5),
        "findings": msgspec.to_builtins(findings), **({"reason": note} if note else {}),
    }  # fmt: skip


def _event(
    kind: str, subject: UUID, contact_id: UUID, now: datetime, actor: str, facts: dict[str, Any], version: int = 1
) -> Event:
    return Event(kind=kind, subject=subject, subject_version=version, at=now, actor=actor, contact_id=contact_id,
                 data=facts)  # fmt: skip
