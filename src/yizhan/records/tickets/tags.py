"""Tags 标签: given to tickets, named and coloured once for the house, renamed or merged everywhere, retired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Forbidden, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.records.tickets import store
from yizhan.records.tickets.lines import line
from yizhan.records.tickets.model import By, Note, Tag, Ticket, TicketChange
from yizhan.records.tickets.service import change_ticket

REWRITE = "tags.rewrite"
MOST_TAGS = 20
_TOGETHER = 200
_LONGEST = 40


def after_change(tags: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> list[str]:
    after = [tag for tag in tags if tag not in remove]
    after += [tag for tag in dict.fromkeys(add) if tag not in after]
    if len(after) > MOST_TAGS:
        raise Invalid(f"a ticket has at most {MOST_TAGS} tags", "tags")
    return after


async def chosen_tags(tx: Tx, names: Sequence[str], *, may_create: bool) -> list[str]:
    """As the house writes them: a merged one is the one it went into. Refused are retired ones, and new ones of
    somebody who may not make any."""
    wanted = [" ".join(name.split()) for name in names]
    known = {tag.tag.casefold(): tag for tag in await store.tags_named(tx, [name.casefold() for name in wanted])}
    found = []
    for name in filter(None, wanted):
        tag = known.get(name.casefold())
        if tag is None and not may_create:
            raise Forbidden(f"there is no tag {name}, and new ones are made by a team lead")
        if tag is not None and tag.retired and tag.merged_into is None:
            raise Invalid(f"the tag {tag.tag} is retired", "tags")
        found.append(name if tag is None else tag.merged_into or tag.tag)
    return list(dict.fromkeys(found))


async def tag_ticket(
    tx: Tx, ticket: Ticket, *, add: Sequence[str], remove: Sequence[str], by: By, now: datetime
) -> Ticket:  # fmt: skip
    """Adds and removes on a locked ticket, whatever somebody else gave it meanwhile; the note writes itself."""
    after = after_change(ticket.tags, add, remove)
    if after == ticket.tags:
        return ticket
    given, taken = [t for t in after if t not in ticket.tags], [t for t in ticket.tags if t not in after]
    said = "、".join([*(f"+{tag}" for tag in given), *(f"−{tag}" for tag in taken)])
    return await change_ticket(
        tx, ticket, TicketChange(tags=after), expected=ticket.version, text=line("tagged", tags=said), by=by, now=now
    )


async def make_tag(tx: Tx, name: str, color: str, *, by: By, now: datetime) -> str:
    wanted = _name(name)
    if await store.tags_named(tx, [wanted.casefold()]):
        raise Invalid(f"there is a tag {wanted} already", "tag")
    await store.put_tag(tx, wanted, color, now)
    await _tell(tx, "tag.made", wanted, by, now, {"color": color})
    return wanted


async def paint_tag(tx: Tx, name: str, color: str, *, by: By, now: datetime) -> None:
    await _known(tx, name)
    await store.put_tag(tx, name, color, now)
    await _tell(tx, "tag.painted", name, by, now, {"color": color})


async def retire_tag(tx: Tx, name: str, retired: bool, *, by: By, now: datetime) -> None:
    """Tickets keep a retired tag; nobody is offered it any more."""
    await _known(tx, name)
    await store.retire_tag(tx, name, retired)
    await _tell(tx, "tag.retired", name, by, now, {"retired": retired})


async def rename_tag(tx: Tx, name: str, to: str, *, by: By, now: datetime) -> str:
    """Another name, or one that is there already: then they are one from now on. Tickets follow, a few at a time."""
    tag = await _known(tx, name)
    wanted = _name(to)
    known = next(iter(await store.tags_named(tx, [wanted.casefold()])), None)
    target = known.tag if known is not None and known.tag != tag.tag else wanted
    if target == tag.tag:
        raise Invalid("that is its name already", "to")
    await store.merge_tag(tx, tag.tag, target, now)
    await _tell(tx, "tag.merged", tag.tag, by, now, {"into": target})
    await enqueue(tx, REWRITE, {"tag": tag.tag, "actor": by.actor})
    return target


async def rewrite_tagged(tx: Tx, tag: str, *, actor: str, now: datetime) -> int:
    """Some of the tickets that have the old tag; how many these were. None when it has its name back."""
    known = next((each for each in await store.tags_named(tx, [tag.casefold()]) if each.tag == tag), None)
    if known is None or known.merged_into is None:
        return 0
    into = known.merged_into
    rows = await store.retag(tx, tag, into, _TOGETHER)
    said = line("retagged", before=tag, after=into)
    await store.add_notes(tx, [
        Note(ticket_id=r["id"], action="change", text=said, typed=False, actor=actor, at=now) for r in rows
    ])  # fmt: skip
    await emit(tx, [Event(
        kind="ticket.changed", subject=r["id"], subject_version=r["version"], at=now, actor=actor,
        brand_id=r["brand_id"], team_id=r["team_id"], agent_id=r["agent_id"], contact_id=r["contact_id"],
        ticket_id=r["id"], data={"fields": ["tags"]},
    ) for r in rows])  # fmt: skip
    return len(rows)


async def run_rewrite(db: Database, clock: Clock, job: Job) -> None:
    """Each few in a transaction of their own: nobody waits for the last of many."""
    told = msgspec.convert(job.payload, dict[str, str])
    while True:
        async with db.transaction() as tx:
            if not await rewrite_tagged(tx, told["tag"], actor=told["actor"], now=clock.now()):
                return


def _name(name: str) -> str:
    wanted = " ".join(name.split())
    if not 0 < len(wanted) <= _LONGEST:
        raise Invalid(f"a tag has between 1 and {_LONGEST} characters", "to")
    return wanted


async def _known(tx: Tx, name: str) -> Tag:
    tag = next((each for each in await store.tags_named(tx, [name.casefold()]) if each.tag == name), None)
    if tag is None or tag.merged_into is not None:
        raise NotFound(f"tag {name}")
    return tag


async def _tell(tx: Tx, kind: str, tag: str, by: By, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=new_id(now), subject_version=1, at=now, actor=by.actor, request=by.request,
        data={"tag": tag, **facts},
    )])  # fmt: skip
