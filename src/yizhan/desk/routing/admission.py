"""Whether each gift still fits what is locked, and what it changes. Pure: rows in, rows out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.routing import wording
from yizhan.desk.routing.model import Gift, LoadKind, Reason, Refused, WorkKind
from yizhan.desk.routing.rules import RoutingBook, limited
from yizhan.desk.routing.store import Assignment, NewAssignment
from yizhan.records.agents import PresenceState, Room
from yizhan.records.conversations import Conversation, Handing, Phase
from yizhan.records.tickets import FINAL, HandOver, Status, Ticket

_BY_ROUTER = frozenset({Reason.ROOM, Reason.STICKY, Reason.RETURNING, Reason.TOPIC, Reason.OVERFLOW})


_USUAL = 2


class Locked(msgspec.Struct, frozen=True):
    """All that a set of gifts touches, held until the transaction ends."""

    conversations: Mapping[UUID, Conversation]
    tickets: Mapping[UUID, Ticket]
    assignments: Mapping[UUID, Assignment]  # by work
    rooms: Mapping[UUID, Room]


class _Share(msgspec.Struct, frozen=True):
    """What of an agent's limit a work takes."""

    weight: int
    alone: bool


class Ledger:
    """Takes gifts in order; the room one takes is missing to the next."""

    def __init__(self, locked: Locked, book: RoutingBook) -> None:
        self.refused: dict[UUID, Refused] = {}
        self.news: list[NewAssignment] = []
        self.ends: dict[UUID, str] = {}
        self.recounts: dict[UUID, bool] = {}
        self.wakes: list[Conversation] = []
        self.handings: list[Handing] = []
        self.overs: list[HandOver] = []
        self.first_replies: list[UUID] = []
        self._locked = locked
        self._book = book
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
        about = self._locked.tickets.get(c.ticket_id) if c.ticket_id else None
        urgency = about.priority if about is not None else _USUAL
        share = self._share(gift, LoadKind.LIVE, c.inbox_id, c.team_id, c.channel, urgency)
        taken = self._take_room(gift, LoadKind.LIVE, share)
        if isinstance(taken, Refused):
            return taken
        gift = taken
        if returning and current is not None:
            self.recounts[current.id] = True
            self.wakes.append(c)
            return None
        self._replace(current, gift, WorkKind.CONVERSATION, share, counted=True)
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
            told = msgspec.structs.replace(gift, work_id=t.id, weight=None)
            share = self._share(told, LoadKind.ASYNC, c.inbox_id, t.team_id, t.channel, t.priority)
            self._replace(current, told, WorkKind.TICKET, share, counted=False, ended="followed")
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
        newest = max((c.id for c in held), default=None)
        inbox = next((c.inbox_id for c in held if c.id == newest), None)
        share = self._share(gift, LoadKind.ASYNC, inbox, t.team_id, t.channel, t.priority)
        taken = self._take_room(gift, LoadKind.ASYNC, share)
        if isinstance(taken, Refused):
            return taken
        gift = taken
        weighs = t.status is not Status.PENDING and (t.waiting_since is not None or not held)
        self._replace(current, gift, WorkKind.TICKET, share, counted=weighs)
        self._hand_letters(t, gift)
        if not adopted:
            self._hand_over(t, gift, None)
        return None

    def _hand_letters(self, t: Ticket, gift: Gift) -> None:
        """Conversations nobody waits in at a screen are served by who has the ticket."""
        for c in self._of_ticket[t.id]:
            if not c.live and c.agent_id != gift.agent_id:
                self.handings.append(Handing(c, gift.agent_id, {"reason": gift.explanation.reason}))

    def _share(
        self, gift: Gift, load: LoadKind, inbox_id: UUID | None, team_id: UUID | None, channel: str, priority: int
    ) -> _Share:
        """The router's gifts weigh what its board counted; others what the rules say of their channel."""
        if gift.weight is not None:
            return _Share(gift.weight, gift.alone)
        weight = self._book.of(inbox_id, team_id).weight(channel, priority)
        return _Share(weight.of(load), weight.alone and load is LoadKind.LIVE)

    def _take_room(self, gift: Gift, load: LoadKind, share: _Share) -> Gift | Refused:
        """The gift as it is told: with the load it makes."""
        room = self._rooms.get(gift.agent_id)
        if room is None or not room.active:
            return Refused.AWAY
        if gift.explanation.reason in _BY_ROUTER and (room.state is not PresenceState.ONLINE or room.lost):
            return Refused.AWAY
        live = load is LoadKind.LIVE
        own = limited(self._book, room.team_ids, room.live_cap, room.async_cap)
        carried, cap = (room.live, own[0]) if live else (room.async_, own[1])
        after = carried + share.weight
        if gift.over is not None and (after > cap + gift.over or (live and room.alone > 0)):
            return Refused.FULL
        more = {"live": after, "alone": room.alone + share.alone} if live else {"async_": after}
        self._rooms[gift.agent_id] = msgspec.structs.replace(room, **more)
        told = msgspec.structs.replace(gift.explanation, carried=after, cap=cap, weight=share.weight)
        return msgspec.structs.replace(gift, explanation=told)

    def _replace(
        self, current: Assignment | None, gift: Gift, kind: WorkKind, share: _Share, *, counted: bool,
        ended: str | None = None,
    ) -> None:  # fmt: skip
        if current is not None:
            self.ends[current.id] = ended or gift.explanation.reason
        self.news.append(NewAssignment(
            kind, gift.work_id, gift.agent_id, kind.load, counted, gift.explanation, share.weight, share.alone
        ))  # fmt: skip

    def _hand_over(self, t: Ticket, gift: Gift, conversation_id: UUID | None) -> None:
        room = self._rooms[gift.agent_id]
        live = conversation_id is not None
        teams = dict(zip(room.team_ids, room.teams, strict=True))
        known = teams.get(t.team_id) if t.team_id else None
        if known is None:
            known = next(iter(room.teams), "")
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
