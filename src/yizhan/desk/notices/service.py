"""Notices kept for people, read, and forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.notices import policy, store
from yizhan.desk.notices.model import ACKNOWLEDGED, KEPT, RAISED, READ, SETTLED, NewNotice, NoticePage, NoticeRow
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.records import agents

FORGOTTEN_AFTER = timedelta(days=90)
_PAGE = 30
_MOST_MUTED = 200
_CALLS_LAST = timedelta(days=2)


async def keep(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """One row for each person an event names. One that names nobody goes to the supervisors who see its work."""
    raised = [entry for entry in entries if entry.kind == RAISED]
    nobody = [entry for entry in raised if not policy.addressed(entry)]
    watching = await agents.supervisors(tx) if nobody else []
    folded: dict[tuple[UUID, str], NewNotice] = {}
    for entry in raised:
        people = policy.addressed(entry) or [each.agent_id for each in watching if views.sees(each, entry)]
        for agent_id in people:
            notice = _notice(entry, agent_id, now)
            known = folded.pop((agent_id, notice.topic), None)
            times = known.times + 1 if known else 1
            folded[agent_id, notice.topic] = msgspec.structs.replace(notice, times=times)
    kept = await store.keep(tx, list(folded.values()))
    await emit(tx, [
        Event(kind=KEPT, subject=id, subject_version=version, at=now, actor="system", agent_id=agent_id)
        for id, agent_id, version in kept
    ])  # fmt: skip


async def tell_troubles(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """What the system has to say of itself becomes a notice like any other."""
    told = [entry for entry in entries if entry.kind in policy.TROUBLES]
    people = {
        permission: await store.permitted(tx, permission)
        for permission in {policy.TROUBLES[entry.kind].permission for entry in told}
    }
    await emit(tx, [
        Event(
            kind=RAISED, subject=entry.subject, subject_version=entry.subject_version, at=now, actor=entry.actor,
            brand_id=entry.brand_id, team_id=entry.team_id, conversation_id=entry.conversation_id,
            ticket_id=entry.ticket_id, cause=entry.pos, depth=entry.depth + 1,
            data={
                "who": [trouble.who], "agents": people[trouble.permission], "how": "notify", "why": entry.kind,
                **policy.facts_of(entry.data),
            },
        ) for entry in told for trouble in [policy.TROUBLES[entry.kind]]
    ])  # fmt: skip


async def page(
    tx: Tx, agent_id: UUID, *, unread: bool, before: UUID | None, count: int = _PAGE, kind: str | None = None
) -> NoticePage:
    """`kind` is a family: `sla` of `sla.breach`. Raises NotFound for a `before` that is not one of his."""
    place = None
    if before is not None:
        at = await store.raised_at(tx, before, agent_id)
        if at is None:
            raise NotFound("no such notice")
        place = at, before
    found = await store.page(tx, agent_id, unread=unread, before=place, count=count + 1, kind=kind)
    left = (await store.unread_of(tx, [agent_id]))[agent_id]
    items = found[:count]
    return NoticePage(items, left, items[-1].id if len(found) > count else None, await store.kinds(tx, agent_id))


async def mute(tx: Tx, agent_id: UUID, why: str, *, muted: bool) -> list[str]:
    """Kinds he is not told of from here on: they stand in his list as read. Raises Invalid for what is always told."""
    if not muted:
        await store.unmute(tx, agent_id, why)
    elif not policy.may_be_muted(why):
        raise Invalid("what is critical is always told", "why")
    else:
        await store.mute(tx, agent_id, why, _MOST_MUTED)
    return await store.mutes(tx, agent_id)


async def read_some(tx: Tx, agent_id: UUID, ids: Sequence[UUID], *, now: datetime) -> int:
    """How many are left unread."""
    if await store.read_some(tx, agent_id, ids, now):
        await emit(tx, [_read(agent_id, now)])
    return (await store.unread_of(tx, [agent_id]))[agent_id]


async def read_all(tx: Tx, agent_id: UUID, *, now: datetime, kind: str | None = None) -> int:
    if await store.read_all(tx, agent_id, now, kind):
        await emit(tx, [_read(agent_id, now)])
    return (await store.unread_of(tx, [agent_id]))[agent_id]


async def calls(tx: Tx, agent_id: UUID, now: datetime) -> list[NoticeRow]:
    """Those for him that nobody has acknowledged."""
    found = await store.calls(tx, agent_id, now - _CALLS_LAST)
    rows = {row.id: row for _, row in await store.rows(tx, found)}
    return [rows[id] for id in found]


async def acknowledge(tx: Tx, agent_id: UUID, notice_id: UUID, *, now: datetime) -> int:
    """确认收到: it rings for nobody any more. How many are left unread. Raises NotFound for what is no call of his."""
    call = await store.call_of(tx, notice_id, agent_id)
    if call is None:
        raise NotFound("no such call")
    topic, why, ticket_id = call
    people = await store.acknowledge(tx, [topic], agent_id, now)
    if people:
        await emit(tx, [
            Event(
                kind=ACKNOWLEDGED, subject=notice_id, subject_version=1, at=now, actor=f"agent:{agent_id}",
                agent_id=agent_id, ticket_id=ticket_id, data={"why": why, "topic": topic, "people": people},
            ), *(_read(each, now) for each in dict.fromkeys(people)),
        ])  # fmt: skip
    return (await store.unread_of(tx, [agent_id]))[agent_id]


async def seen_to(tx: Tx, why: str, subject: UUID, *, actor: str, now: datetime, ticket_id: UUID | None = None) -> None:
    """Whoever called says that nobody need come any more."""
    await emit(tx, [Event(
        kind=SETTLED, subject=subject, subject_version=1, at=now, actor=actor, ticket_id=ticket_id, data={"why": why}
    )])  # fmt: skip


async def settle(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """What was called about was seen to: nobody need say that he has it."""
    topics = {policy.topic_of(str(e.data.get("why", "")), e.subject) for e in entries if e.kind == SETTLED}
    people = await store.acknowledge(tx, topics, None, now) if topics else []
    await emit(tx, [_read(each, now) for each in dict.fromkeys(people)])


async def news_of(tx: Tx, ids: Iterable[UUID]) -> list[tuple[UUID, NoticeRow]]:
    """(whose, notice) for the screens."""
    return await store.rows(tx, ids)


async def forget_read(tx: Tx, now: datetime) -> int:
    """A task of the night: how many were deleted, at most a few thousand at a time."""
    return await store.forget_read(tx, now - FORGOTTEN_AFTER)


def _notice(entry: Entry, agent_id: UUID, now: datetime) -> NewNotice:
    why, how = str(entry.data.get("why", "")), str(entry.data.get("how", "notify"))
    return NewNotice(
        id=new_id(now), agent_id=agent_id, topic=policy.topic_of(why, entry.subject), why=why, how=how,
        level=policy.level_of(why, how, entry.data.get("level")), ticket_id=entry.ticket_id,
        conversation_id=entry.conversation_id, facts=policy.facts_of(entry.data), times=1, raised_at=entry.at,
    )  # fmt: skip


def _read(agent_id: UUID, now: datetime) -> Event:
    return Event(
        kind=READ, subject=agent_id, subject_version=1, at=now, actor=f"agent:{agent_id}", agent_id=agent_id,
    )  # fmt: skip
