"""Whether each gift still fits what is locked, and what it changes. Pure: rows in, rows out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.routing import wording
from yizhan.desk.routing.model import Gift, LoadKind, Reason, Refused, WorkKind
from yizhan.desk.routing.store import Assignment, NewAssignment
from yizhan.records.agents import PresenceState, Room
from yizhan.records.conversations import Conversation, Handing, Phase
from yizhan.records.tickets import FINAL, HandOver, Status, Ticket

_BY_ROUTER = frozenset({Reason.ROOM, Reason.STICKY, Reason.RETURNING})


class Locked(msgspec.Struct, frozen=True):
    """All that a set of gifts touches, held until the transaction ends."""

    conversations: Mapping[UUID, Conversation]
    tickets: Mapping[UUID, Ticket]
    assignments: Mapping[UUID, Assignment]  # by work
    rooms: Mapping[UUID, Room]
    team_names: Mapping[UUID, str] = {}


class Ledger:
    """Takes gifts in order; the room one takes is missing to the next."""

    def __init__(self, locked: Locked) -> None:
        self.refused: dict[UUID, Refused] = {}
        self.news: list[NewAssignment] = []
        self.ends: dict[UUID, str] = {}
        self.recounts: dict[UUID, bool] = {}
        self.wakes: list[Conversation] = []
        self.handings: list[Handing] = []
        self.overs: list[HandOver] = []
        self.first_replies: list[UUID] = []
        self._locked = locked
        self._rooms = dict(locked.rooms)
        self._of_ticket: dict[UUID, list[Conversation]] = defaultdict(list)
        for c in locked.conversations.values():
            if c.ticket_id is not None and c.phase is not Phase.ENDED:
                self._of_ticket[c.ticket_id].append(c)

    def admit(self, gift: Gift) -> None:
        refused = self._conversation(gift) if gift.kind is WorkKind.CONVERSATION else self._ticket(gift)
        if refused is not None:
            self.refused[gift.work_id] = refused

    def _conversation(self, gift: Gift) -> Refused | None:
        c = self._locked.conversations.get(gift.work_id)
        if c is None or not c.live or c.phase is Phase.ENDED:
            return Refused.GONE
        current = self._locked.assignments.get(c.id)
        returning = gift.explanation.reason is Reason.RETURNING
        if returning and (current is None or current.agent_id != gift.agent_id or not c.asleep):
            return Refused.GONE
        if not returning and c.phase is Phase.SERVED and (not gift.take or c.agent_id == gift.agent_id):
            return Refused.TAKEN
        taken = self._take_room(gift, LoadKind.LIVE)
        if isinstance(taken, Refused):
            return taken
        gift = taken
        if returning and current is not None:
            self.recounts[current.id] = True
            self.wakes.append(c)
            return None
        self._replace(current, gift, WorkKind.CONVERSATION, LoadKind.LIVE, counted=True)
        self.handings.append(Handing(c, gift.agent_id, {
            "reason": gift.explanation.reason, "waited": gift.explanation.waited,
        }))  # fmt: skip
        self.first_replies.append(c.id)
        self._follow(c, gift)
        return None

    def _follow(self, c: Conversation, gift: Gift) -> None:
        """The ticket of a live conversation has the same handler, and costs nothing beside it."""
        t = self._locked.tickets.get(c.ticket_id) if c.ticket_id else None
        if t is None or t.status in FINAL or t.merged_into is not None:
            return
        current = self._locked.assignments.get(t.id)
        if current is not None and current.agent_id == gift.agent_id:
            self.recounts[current.id] = False
        else:
            told = msgspec.structs.replace(gift, work_id=t.id)
            self._replace(current, told, WorkKind.TICKET, LoadKind.ASYNC, counted=False, ended="followed")
        if t.agent_id != gift.agent_id or t.status is Status.NEW:
            self._hand_over(t, gift, c.id)
        self._hand_letters(t, gift)

    def _ticket(self, gift: Gift) -> Refused | None:
        t = self._locked.tickets.get(gift.work_id)
        adopted = gift.explanation.reason is Reason.ADOPTED
        if t is None or t.status in FINAL or t.merged_into is not None:
            return Refused.GONE
        if t.status is Status.PENDING and not gift.take:
            return Refused.GONE
        current = self._locked.assignments.get(t.id)
        if current is not None and (not gift.take or current.agent_id == gift.agent_id):
            return Refused.TAKEN
        held = self._of_ticket[t.id]
        if any(c.live for c in held) or (adopted and t.agent_id != gift.agent_id):
            return Refused.GONE
        taken = self._take_room(gift, LoadKind.ASYNC)
        if isinstance(taken, Refused):
            return taken
        gift = taken
        weighs = t.status is not Status.PENDING and (t.waiting_since is not None or not held)
        self._replace(current, gift, WorkKind.TICKET, LoadKind.ASYNC, counted=weighs)
        self._hand_letters(t, gift)
        if not adopted:
            self._hand_over(t, gift, None)
        return None

    def _hand_letters(self, t: Ticket, gift: Gift) -> None:
        """Conversations nobody waits in at a screen are served by who has the ticket."""
        for c in self._of_ticket[t.id]:
            if not c.live and c.agent_id != gift.agent_id:
                self.handings.append(Handing(c, gift.agent_id, {"reason": gift.explanation.reason}))

    def _take_room(self, gift: Gift, load: LoadKind) -> Gift | Refused:
        """The gift as it is told: with the load it makes."""
        room = self._rooms.get(gift.agent_id)
        if room is None or not room.active:
            return Refused.AWAY
        if gift.explanation.reason in _BY_ROUTER and (room.state is not PresenceState.ONLINE or room.lost):
            return Refused.AWAY
        carried, cap = (room.live, room.live_cap) if load is LoadKind.LIVE else (room.async_, room.async_cap)
        if gift.over is not None and carried >= cap + gift.over:
            return Refused.FULL
        more = {"live": room.live + 1} if load is LoadKind.LIVE else {"async_": room.async_ + 1}
        self._rooms[gift.agent_id] = msgspec.structs.replace(room, **more)
        told = msgspec.structs.replace(gift.explanation, carried=carried + 1, cap=cap)
        return msgspec.structs.replace(gift, explanation=told)

    def _replace(
        self, current: Assignment | None, gift: Gift, kind: WorkKind, load: LoadKind, *, counted: bool,
        ended: str | None = None,
    ) -> None:  # fmt: skip
        if current is not None:
            self.ends[current.id] = ended or gift.explanation.reason
        self.news.append(NewAssignment(kind, gift.work_id, gift.agent_id, load, counted, gift.explanation))

    def _hand_over(self, t: Ticket, gift: Gift, conversation_id: UUID | None) -> None:
        room = self._rooms[gift.agent_id]
        live = conversation_id is not None
        team = self._locked.team_names.get(t.team_id) if t.team_id else None
        known = team if team is not None and team in room.teams else next(iter(room.teams), "")
        text = gift.text or wording.move(gift.explanation, room.name, live=live, team=known)
        self.overs.append(HandOver(
            ticket=t, agent_id=gift.agent_id, text=text, typed=gift.text is not None, conversation_id=conversation_id,
            evidence={"reason": gift.explanation.reason},
        ))  # fmt: skip


def locks_of(gifts: Sequence[Gift]) -> tuple[list[UUID], list[UUID]]:
    """The conversations and tickets a set of gifts is about."""
    return (
        [g.work_id for g in gifts if g.kind is WorkKind.CONVERSATION],
        [g.work_id for g in gifts if g.kind is WorkKind.TICKET],
    )
