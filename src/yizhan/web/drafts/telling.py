"""The other devices of whoever writes hear of his draft at once; one that does not will look when it is opened."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk.live import Signal
from yizhan.web.call import Call


async def tell_draft(call: Call, conversation_id: UUID, version: UUID | None) -> None:
    """`version` lies on the server now, None: nothing does. After the commit: a signal may be lost, never early."""
    signal = Signal(kind="draft", conversation_id=conversation_id, agent_id=call.viewer.agent_id, id=str(version or ""))
    if call.services.hub is not None:
        await call.services.hub.signal(signal)
