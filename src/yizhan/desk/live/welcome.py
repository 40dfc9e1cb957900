"""How a visitor is met and kept informed of his own conversation: phase, who serves him, his place in the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import cast
from uuid import UUID

from yizhan.desk.live import frames, store
from yizhan.desk.live.model import QueuePlace, QueueState, WidgetConversation
from yizhan.desk.live.visitors import Visitor, Visitors
from yizhan.desk.live.widget import widget_conversation
from yizhan.desk.views import ConversationRow
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Head
from yizhan.records import contacts


class Reception:
    def __init__(self, db: Database, clock: Clock, visitors: Visitors, queue_state: QueueState | None) -> None:
        self.queue_state = queue_state
        self._db = db
        self._clock = clock
        self._visitors = visitors

    async def meet(self, visitor: Visitor) -> WidgetConversation | None:
        """Finds out who he is, as far as he ever wrote."""
        async with self._db.pool.acquire() as connection:
            tx = cast(Tx, connection)
            identity = await contacts.identity_by_blind(tx, visitor.blind)
            if identity is None:
                return None
            own = await contacts.visitor_identities(tx, identity, visitor.inbox_id)
            newest = await store.newest_of_visitor(tx, own, visitor.inbox_id, self._clock.now())
        self._visitors.name(visitor, *own)
        if newest is None:
            return None
        visitor.conversation = newest.row
        visitor.asked = newest.row.id if newest.survey else None
        places = await self.places([newest.row])
        return widget_conversation(newest.row, places.get(newest.row.id), survey=newest.survey)

    def welcome(self, conversation: WidgetConversation | None, at: Head) -> str:
        return frames.text({"t": "welcome", "pos": str(at), "conversation": conversation})

    async def retell(self, changed: Sequence[ConversationRow], asked: Collection[UUID] = ()) -> None:
        """The visitors of changed conversations learn what changed for them. `asked`: in these they were asked for a
        rating just now."""
        theirs = [(v, row) for row in changed for v in self._visitors.of_identity(row.identity_id) if _newer(v, row)]
        if not theirs:
            return
        places = await self.places([row for _, row in theirs])
        for visitor, row in theirs:
            if row.id in asked:
                visitor.asked = row.id
            survey = visitor.asked == row.id
            if row.phase == "ended":
                async with self._db.pool.acquire() as connection:
                    survey = await store.survey_of(cast(Tx, connection), row, self._clock.now())
            visitor.conversation = row
            visitor.tell(frames.state(widget_conversation(row, places.get(row.id), survey=survey)))

    async def retell_queued(self) -> None:
        """Others left the queue: the place moves though the conversation does not."""
        waiting = {v.conversation.id: v for v in self._visitors.queued() if v.conversation}
        if not waiting:
            return
        places = await self.places([v.conversation for v in waiting.values() if v.conversation])
        for id, place in places.items():
            row = waiting[id].conversation
            if row is not None:
                waiting[id].tell(frames.state(widget_conversation(row, place, survey=False)))

    async def places(self, rows: Sequence[ConversationRow]) -> Mapping[UUID, QueuePlace]:
        self._visitors.forget_places(row.id for row in rows if row.phase != "queued")
        ids = [row.id for row in rows if row.phase == "queued"]
        if not ids:
            return {}
        if self.queue_state is not None:
            found = await self.queue_state(ids)
        else:
            async with self._db.pool.acquire() as connection:
                found = await store.queue_places(cast(Tx, connection), ids)
        return {id: self._visitors.clamp(id, place) for id, place in found.items()}


def _newer(visitor: Visitor, row: ConversationRow) -> bool:
    """A word about an older conversation does not push the running one from the screen."""
    known = visitor.conversation
    return known is None or known.id == row.id or row.phase != "ended" or row.id > known.id
