"""What must reach a person: `notice.raised`; by which way it reaches him is decided by those who read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.conversations import Conversation


async def tell(
    tx: Tx, subject: UUID, *, who: str, agents: Sequence[UUID], why: str, now: datetime, actor: str,
    how: Literal["notify", "call"] = "notify", facts: Mapping[str, object] | None = None, team_id: UUID | None = None,
    about: Conversation | None = None,
) -> None:  # fmt: skip
    """`who` is the word for those whom `agents` names; `how` is call for somebody who must be reached now."""
    if not agents:
        return
    await emit(tx, [Event(
        kind="notice.raised", subject=subject, subject_version=1, at=now, actor=actor,
        team_id=team_id or (about.team_id if about else None), agent_id=agents[0] if len(agents) == 1 else None,
        brand_id=about.brand_id if about else None, contact_id=about.contact_id if about else None,
        conversation_id=about.id if about else None, ticket_id=about.ticket_id if about else None,
        data={"who": [who], "agents": list(agents), "how": how, "why": why, **(facts or {})},
    )])  # fmt: skip
