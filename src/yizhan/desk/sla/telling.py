"""What the journal is told: what became of a target, and `notice.raised` where somebody shall know.

Who delivers a notice, and by which way, is decided by those who read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.notices import SETTLED
from yizhan.desk.sla import store
from yizhan.desk.sla.calls import CALL
from yizhan.desk.sla.model import Recipients, Scope, Target, Told
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records import rosters
from yizhan.records.rosters import OnDuty, ShiftKind

NOTICE = "notice.raised"


class Notice(msgspec.Struct, frozen=True):
    """`to` are the words of the policy; `do` is notify, or call for somebody who must be reached now."""

    target: Target
    to: tuple[str, ...]
    do: str
    stage: str
    ring: int = 1


async def tell(tx: Tx, told: Sequence[Told], *, actor: str) -> None:
    if not told:
        return
    scopes = await store.scope_of(tx, {each.target.ticket_id for each in told})
    await emit(tx, [
        _event(f"sla.{each.what}", each.target, scopes, each.at, actor, each.facts) for each in told
    ])  # fmt: skip


async def raise_notices(tx: Tx, notices: Sequence[Notice], *, actor: str, now: datetime) -> None:
    """One event each. `who` are the policy's words, `agents` those whom they mean just now.

    `duty` is whoever is on call for the team, else who is at work in it.
    """
    if not notices:
        return
    tickets = {notice.target.ticket_id for notice in notices}
    people = await store.recipients(tx, tickets)
    on_duty = await rosters.on_duty(tx, now) if any("duty" in notice.to for notice in notices) else []
    roles = await store.agents_of_roles(tx, (word[5:] for n in notices for word in n.to if word.startswith("role:")))
    scopes = await store.scope_of(tx, tickets)
    await emit(tx, [
        _event(NOTICE, n.target, scopes, now, actor, {
            "who": list(n.to), "agents": _agents(
                n.to, people.get(n.target.ticket_id), roles, _on_duty(on_duty, scopes[n.target.ticket_id].team_id)
            ), "how": n.do,
            "why": CALL if n.do == "call" else f"sla.{n.stage}", "due_at": n.target.due_at, "policy": n.target.policy,
            **({"ring": n.ring, "stage": n.stage} if n.do == "call" else {}),
        }) for n in notices
    ])  # fmt: skip


async def settle_calls(tx: Tx, targets: Sequence[Target], *, actor: str, now: datetime) -> None:
    """Whoever is called for these need not come any more."""
    scopes = await store.scope_of(tx, {target.ticket_id for target in targets}) if targets else {}
    await emit(tx, [_event(SETTLED, target, scopes, now, actor, {"why": CALL}) for target in targets])


def _event(
    kind: str, target: Target, scopes: Mapping[UUID, Scope], at: datetime, actor: str, facts: dict[str, object]
) -> Event:
    scope = scopes[target.ticket_id]
    return Event(
        kind=kind, subject=target.id, subject_version=target.version, at=at, actor=actor, brand_id=scope.brand_id,
        team_id=scope.team_id, agent_id=scope.agent_id, contact_id=scope.contact_id, ticket_id=target.ticket_id,
        data={"target": target.kind, **facts},
    )  # fmt: skip


def _on_duty(running: Sequence[OnDuty], team_id: UUID | None) -> list[UUID]:
    """Who is on call comes before who sits there anyway; without a roster nobody is meant."""
    mine = [each for each in running if each.team_id == team_id]
    called = [each.agent_id for each in mine if each.kind is ShiftKind.ON_CALL]
    return called or list(dict.fromkeys(each.agent_id for each in mine))


def _agents(
    words: Iterable[str], people: Recipients | None, roles: Mapping[str, Sequence[UUID]], on_duty: Sequence[UUID]
) -> list[UUID]:
    found = dict[UUID, None]()
    for word in words:
        if word.startswith("role:"):
            found |= dict.fromkeys(roles.get(word[5:], ()))
        elif word == "duty":
            found |= dict.fromkeys(on_duty)
        elif people is not None:
            found |= dict.fromkeys(people.meant_by(word))
    return list(found)
