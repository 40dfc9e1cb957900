"""The verbs of a consultation. The caller has locked the ticket, then the consultation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.consultations import policy, store
from yizhan.records.consultations.model import Consultation, ConsultationState, MemberState, NewConsultation


async def ask(tx: Tx, new: NewConsultation, *, now: datetime) -> Consultation:
    policy.check_words(new.question, "question")
    consultation_id = new_id(now)
    await store.add(tx, consultation_id, new, now)
    made = await store.lock_consultation(tx, consultation_id)
    await _tell(tx, made, "consultation.asked", new.asked_by, now, {"war_room": new.war_room})
    return made


async def invite(
    tx: Tx, c: Consultation, agents: Sequence[UUID], teams: Sequence[UUID], *, by: UUID, now: datetime
) -> Consultation:
    """Whoever is in it already is not asked twice."""
    policy.ensure_open(c)
    await store.invite(tx, c.id, agents, teams, by, now)
    after = await _touched(tx, c)
    await _tell(tx, after, "consultation.invited", by, now, {"agents": list(agents), "teams": list(teams)})
    return after


async def take_part(
    tx: Tx, c: Consultation, agent_id: UUID, teams: Sequence[UUID], *, uninvited: bool, now: datetime
) -> UUID:
    """Accepts: his own invitation, or that of his team, which is answered by the first who comes (not in a war room).

    `uninvited` may come who sees the ticket anyway. Returns his membership, which is what he carries.
    """
    policy.ensure_open(c)
    own, team = policy.invitation_for(await store.members_of(tx, c.id), agent_id, teams)
    if own is not None and own.state is MemberState.JOINED:
        raise Conflict("you are in it already")
    if own is None and team is None and not uninvited:
        raise Forbidden("nobody asked you into this consultation")
    if own is not None:
        await store.answer(tx, own.id, MemberState.JOINED, now)
        member = own.id
    else:
        member = await store.join(tx, c.id, agent_id, team.team_id if team else None, now)
    if team is not None and team.state is MemberState.INVITED and not c.war_room:
        await store.answer(tx, team.id, MemberState.JOINED, now)
    await _tell(tx, await _touched(tx, c), "consultation.joined", agent_id, now, {"agent": agent_id})
    return member


async def answer(tx: Tx, c: Consultation, agent_id: UUID, *, now: datetime) -> UUID:
    """Declines an invitation, or leaves; returns the membership that weighs no more."""
    own, _ = policy.invitation_for(await store.members_of(tx, c.id), agent_id, ())
    if own is None or own.state not in (MemberState.INVITED, MemberState.JOINED):
        raise Conflict("you are not in this consultation")
    state = MemberState.DECLINED if own.state is MemberState.INVITED else MemberState.LEFT
    await store.answer(tx, own.id, state, now)
    await _tell(tx, await _touched(tx, c), f"consultation.{state}", agent_id, now, {"agent": agent_id})
    return own.id


async def say(
    tx: Tx, c: Consultation, author: UUID, text: str, mentions: Sequence[UUID], *, client_id: str | None, now: datetime
) -> UUID | None:
    """None when this line was told before."""
    policy.ensure_open(c)
    words = policy.check_words(text, "text")
    line = await store.add_line(tx, c.id, author, words, mentions, client_id, now)
    if line is not None:
        after = await _touched(tx, c, 1)
        await _tell(tx, after, "consultation.said", author, now, {"line": line, "mentions": list(mentions)})
    return line


async def close(tx: Tx, c: Consultation, conclusion: str, *, by: UUID, now: datetime) -> Consultation:
    policy.ensure_open(c)
    words = policy.check_words(conclusion, "conclusion")
    version = await store.close(tx, c.id, words, by, now)
    after = msgspec.structs.replace(
        c, state=ConsultationState.CLOSED, conclusion=words, closed_by=by, closed_at=now, version=version
    )
    await _tell(tx, after, "consultation.closed", by, now, {"lines": c.said})
    return after


async def _touched(tx: Tx, c: Consultation, lines: int = 0) -> Consultation:
    version = await store.touch(tx, c.id, lines)
    return msgspec.structs.replace(c, version=version, said=c.said + lines)


async def _tell(tx: Tx, c: Consultation, kind: str, by: UUID, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=c.id, subject_version=c.version, at=now, actor=f"agent:{by}", brand_id=c.brand_id,
        team_id=c.team_id, agent_id=c.asked_by, contact_id=c.contact_id, conversation_id=c.conversation_id,
        ticket_id=c.ticket_id, data=facts,
    )])  # fmt: skip
