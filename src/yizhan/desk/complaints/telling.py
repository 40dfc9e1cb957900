"""Who is told of what: `notice.raised`, where somebody shall know or must be reached now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.complaints import store
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit

NOTICE = "notice.raised"


async def raise_notice(
    tx: Tx, ticket_id: UUID, *, who: Sequence[str], why: str, actor: str, now: datetime, how: str = "notify",
    agents: Sequence[UUID] = (), facts: dict[str, object] | None = None, then: Sequence[Sequence[str]] = (),
) -> None:  # fmt: skip
    """`who` are words, `agents` whom they mean just now; `call` is for somebody who must be reached at once, and so are
    those of `then`, one after the other, while nobody acknowledges it."""
    place = await store.place_of(tx, ticket_id)
    meant = list(dict.fromkeys([*agents, *await store.all_meant(tx, who, place.team_id, now)]))
    next_ones = [[str(each) for each in await store.all_meant(tx, words, place.team_id, now)] for words in then]
    chain: dict[str, object] = {"then": [each for each in next_ones if each]} if then else {}
    await emit(tx, [Event(
        kind=NOTICE, subject=place.id, subject_version=place.version, at=now, actor=actor, brand_id=place.brand_id,
        team_id=place.team_id, agent_id=place.agent_id, contact_id=place.contact_id, ticket_id=place.id,
        data={"who": list(who), "agents": meant, "how": how, "why": why, **chain, **(facts or {})},
    )])  # fmt: skip
