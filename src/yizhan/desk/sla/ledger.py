"""Which happenings begin, pause and end the targets of a batch of tickets. Pure: entries in, changed targets out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from yizhan.desk.sla import policy
from yizhan.desk.sla.model import RESPONSES, State, Target, TargetKind, TicketState, Told
from yizhan.desk.sla.policy import Terms
from yizhan.desk.sla.timing import Timepiece
from yizhan.foundation.calendar import NeverOpen
from yizhan.foundation.ids import id_time
from yizhan.foundation.journal import Entry

KINDS = frozenset({
    "ticket.created", "work.ready", "ticket.moved", "ticket.changed", "ticket.waits", "ticket.joined",
    "ticket.unjoined", "message.received", "message.sent", "conversation.ended",
})  # fmt: skip
BEGINNING = frozenset({"ticket.created", "work.ready", "ticket.unjoined"})
_FINAL = frozenset({"done", "cancelled"})
_ASIDE = frozenset({"aside", "confirm"})
_ENDED_BY_HAND = frozenset({"agent", "customer"})


class Ledger:
    """Open targets of the tickets of one batch, and what became of them. `told` is in the order of the journal."""

    def __init__(
        self, tickets: Mapping[UUID, TicketState], targets: Iterable[Target],
        choose: Callable[[UUID], Terms | None], clock_of: Callable[[Target], Timepiece],
        thanks: Collection[str] = (),
    ) -> None:  # fmt: skip
        """`thanks` are the messages that only thank: after an answer they ask for no other."""
        self.before = {target.id: target for target in targets}
        self.after: dict[UUID, Target] = {}
        self.told: list[Told] = []
        self.skipped: list[tuple[UUID, str]] = []
        self._tickets = tickets
        self._open = {(target.ticket_id, target.kind): target for target in self.before.values()}
        self._choose = choose
        self._clock_of = clock_of
        self._thanks = thanks

    def hear(self, entry: Entry) -> None:
        ticket = self._tickets.get(entry.ticket_id) if entry.ticket_id is not None else None
        if ticket is None:
            return
        if entry.kind in ("message.received", "message.sent"):
            self._hear_message(ticket, entry)
        elif entry.kind == "conversation.ended":
            self._hear_end(ticket, entry)
        elif entry.kind == "ticket.moved":
            self._hear_move(ticket, entry)
        elif entry.kind == "ticket.joined":
            self._hear_join(ticket, entry)
        elif entry.kind in BEGINNING:
            self._hear_start(ticket, entry)
        self._wait_as_told(ticket, entry)
        self._reprioritise(ticket, entry.at)

    def _hear_message(self, ticket: TicketState, entry: Entry) -> None:
        if entry.kind == "message.sent":
            if entry.data.get("human", True):
                for kind in RESPONSES:
                    self._meet(ticket, kind, entry.at)
        elif ticket.ready and self._asks(ticket, entry):
            self._begin_response(ticket, entry.at, entry)

    def _asks(self, ticket: TicketState, entry: Entry) -> bool:
        """Whether somebody waits for an answer to it."""
        if entry.data.get("automatic") or entry.data.get("effect") in _ASIDE:
            return False
        return entry.data.get("message") not in self._thanks or not self._answered(ticket, entry.at)

    def _hear_end(self, ticket: TicketState, entry: Entry) -> None:
        """结束会话 by hand: what was said last asks for no answer in it. Who was never answered still waits."""
        target = self._open.get((ticket.id, TargetKind.NEXT_RESPONSE))
        ended = entry.data.get("reason") in _ENDED_BY_HAND
        if ended and target is not None and target.conversation_id == entry.conversation_id:
            self._cancel(ticket, (TargetKind.NEXT_RESPONSE,), "ended", entry.at)

    def _hear_start(self, ticket: TicketState, entry: Entry) -> None:
        """The ticket's kind and urgency are known: what waits for that since it came in begins, from then.

        Since it came in and not since it was sent: a mail may have been on its way for days.
        """
        if entry.data.get("work", "ticket") != "ticket" or not ticket.ready or ticket.merged_into is not None:
            return
        again = self._closed_before(ticket)
        came_in = entry.at if again else min(id_time(ticket.id), entry.at)
        self._begin(ticket, TargetKind.RESOLUTION, came_in, entry)
        waits = ticket.waiting_since
        if waits is not None and waits <= entry.at:
            self._begin_response(ticket, max(waits, came_in), entry)

    def _hear_move(self, ticket: TicketState, entry: Entry) -> None:
        to = str(entry.data.get("to"))
        if entry.data.get("action") == "reopen":
            if ticket.ready:
                self._begin(ticket, TargetKind.RESOLUTION, entry.at, entry)
        elif to in _FINAL:
            if to == "done":
                self._meet(ticket, TargetKind.RESOLUTION, entry.at)
            self._cancel(ticket, tuple(TargetKind), "closed" if to == "done" else "cancelled", entry.at)
        elif to == "pending":
            self._pause(ticket, entry.at)
        elif entry.data.get("from") == "pending" and not policy.pauses("open", ticket.waiting_reason):
            self._resume(ticket, entry.at)

    def _wait_as_told(self, ticket: TicketState, entry: Entry) -> None:
        """等待原因 of a ticket 处理中, as its row says it after the batch."""
        if ticket.status not in ("new", "open") or entry.kind not in ("ticket.changed", "ticket.waits"):
            return
        if policy.pauses(ticket.status, ticket.waiting_reason):
            self._pause(ticket, entry.at)
        else:
            self._resume(ticket, entry.at)

    def _hear_join(self, ticket: TicketState, entry: Entry) -> None:
        """并入: whoever waited in it waits in the other now, since the same moment."""
        into = self._tickets.get(UUID(str(entry.data["into"]))) if entry.data.get("into") else None
        for kind in RESPONSES:
            waiting = self._open.get((ticket.id, kind))
            if waiting is not None and into is not None and into.ready:
                self._begin_response(into, waiting.started_at, entry)
        self._cancel(ticket, tuple(TargetKind), "merged", entry.at)

    def _begin_response(self, ticket: TicketState, started: datetime, entry: Entry) -> None:
        """Several messages of one turn are one target; it counts from the first of them."""
        if any((ticket.id, kind) in self._open for kind in RESPONSES):
            return
        answered = self._answered(ticket, started)
        self._begin(ticket, TargetKind.NEXT_RESPONSE if answered else TargetKind.FIRST_RESPONSE, started, entry)

    def _answered(self, ticket: TicketState, until: datetime) -> bool:
        """Whether a person had answered in the ticket by then, as its row or this batch says."""
        if ticket.answered_at is not None and ticket.answered_at <= until:
            return True
        return any(target.kind in RESPONSES for target in self._met(ticket))

    def _closed_before(self, ticket: TicketState) -> bool:
        return ticket.closed_before or any(target.kind is TargetKind.RESOLUTION for target in self._met(ticket))

    def _met(self, ticket: TicketState) -> list[Target]:
        return [t for t in self.after.values() if t.ticket_id == ticket.id and t.met_at is not None]

    def _begin(self, ticket: TicketState, kind: TargetKind, started: datetime, entry: Entry) -> None:
        if (ticket.id, kind) in self._open:
            return
        terms = self._choose(ticket.id)
        if terms is None:
            return
        try:
            target = policy.begin(
                terms, ticket, kind, started, at=entry.at,
                conversation_id=entry.conversation_id if kind in RESPONSES else None,
            )  # fmt: skip
        except NeverOpen:
            self._skip(ticket, terms.name)
            return
        if target is not None:
            self._put(target)
            self._tell_start(target, entry.at)

    def _pause(self, ticket: TicketState, at: datetime) -> None:
        for target in self._of(ticket, State.RUNNING):
            target = self._struck(target, at)
            paused = policy.pause(target, self._clock_of(target), at)
            self._put(paused)
            self._tell("paused", paused, at, {"spent_s": paused.spent_s})

    def _resume(self, ticket: TicketState, at: datetime) -> None:
        for target in self._of(ticket, State.PAUSED):
            try:
                resumed = policy.resume(target, self._clock_of(target), at)
            except NeverOpen:
                self._skip(ticket, target.policy)
                self._cancel(ticket, (target.kind,), "calendar", at)
                continue
            self._put(resumed)
            self._tell("resumed", resumed, at, {"due_at": resumed.due_at})

    def _meet(self, ticket: TicketState, kind: TargetKind, at: datetime) -> None:
        target = self._open.get((ticket.id, kind))
        if target is None:
            return
        target = self._struck(target, at)
        met = policy.end(target, self._clock_of(target), State.MET, at)
        self._put(met)
        self._tell("met", met, at, {"late": met.breached_at is not None, "spent_s": met.spent_s})

    def _cancel(self, ticket: TicketState, kinds: Iterable[TargetKind], why: str, at: datetime) -> None:
        for kind in kinds:
            target = self._open.get((ticket.id, kind))
            if target is not None:
                target = self._struck(target, at)
                cancelled = policy.end(target, self._clock_of(target), State.CANCELLED, at, why)
                self._put(cancelled)
                self._tell("cancelled", cancelled, at, {"why": why})

    def _reprioritise(self, ticket: TicketState, at: datetime) -> None:
        """Stricter terms count from the original start; laxer ones do not relax what was promised."""
        for target in self._of(ticket, State.RUNNING, State.PAUSED):
            if target.priority == ticket.priority or target.breached_at is not None:
                continue
            terms = self._choose(ticket.id)
            fresh = self._stricter(terms, ticket, target, at) if terms is not None else None
            if fresh is None:
                self._put(replace(target, priority=ticket.priority, version=target.version + 1))
                continue
            self._cancel(ticket, (target.kind,), "priority", at)
            self._put(fresh)
            self._tell_start(fresh, at)

    def _stricter(self, terms: Terms, ticket: TicketState, target: Target, at: datetime) -> Target | None:
        try:
            fresh = policy.begin(
                terms, ticket, target.kind, target.started_at, paused=target.pauses,
                conversation_id=target.conversation_id, at=at,
            )  # fmt: skip
            held = self._clock_of(target).reach(target.started_at, target.pauses, target.allowed_s)
        except NeverOpen:
            self._skip(ticket, terms.name)
            return None
        if fresh is None or fresh.due_at is None or fresh.due_at >= held:
            return None
        return policy.pause(fresh, self._clock_of(fresh), target.paused_at) if target.paused_at is not None else fresh

    def _struck(self, target: Target, at: datetime) -> Target:
        """What was late before this happened is late, whatever happens now, also where no timer struck meanwhile."""
        struck, what = policy.strike(target, at)
        if what is not None:
            self._put(struck)
            self._tell(what, struck, struck.breached_at or struck.warned_at or at, {"due_at": struck.due_at})
        return struck

    def _of(self, ticket: TicketState, *states: State) -> list[Target]:
        found = [self._open.get((ticket.id, kind)) for kind in TargetKind]
        return [target for target in found if target is not None and target.state in states]

    def _put(self, target: Target) -> None:
        self.after[target.id] = target
        if target.open:
            self._open[target.ticket_id, target.kind] = target
        else:
            self._open.pop((target.ticket_id, target.kind), None)

    def _skip(self, ticket: TicketState, name: str) -> None:
        """A rule that fails holds up no ticket: it is left out, and said."""
        self.skipped.append((ticket.id, name))

    def _tell_start(self, target: Target, at: datetime) -> None:
        self._tell("started", target, at, {
            "policy": target.policy, "policy_version": target.policy_version, "release": target.release,
            "priority": target.priority, "started_at": target.started_at, "due_at": target.due_at,
            "warn_at": target.warn_at,
        })  # fmt: skip

    def _tell(self, what: str, target: Target, at: datetime, facts: dict[str, object]) -> None:
        self.told.append(Told(what, self.after.get(target.id, target), at, facts))
