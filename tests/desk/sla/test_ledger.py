"""What a batch of the journal does to targets: invariants over random lives of a ticket, and orders that surprise."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.sla.office import PLAIN
from yizhan.desk.sla import SLA_POLICY, State, Target, TargetKind
from yizhan.desk.sla.ledger import Ledger
from yizhan.desk.sla.model import TicketState
from yizhan.desk.sla.policy import Terms, pauses
from yizhan.desk.sla.timing import Timepiece
from yizhan.foundation.calendar import Calendar
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry
from yizhan.records.config import SERVICE_HOURS

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TICKET = TicketState(
    id=new_id(START), ready=True, status="open", waiting_reason=None, priority=2, created_at=START,
    waiting_since=None, answered_at=None, closed_before=False, merged_into=None, brand_id=UUID(int=1), team_id=None,
    agent_id=None, contact_id=UUID(int=2),
)  # fmt: skip
CLOCK = Timepiece(SERVICE_HOURS.calendar)
TERMS = Terms("plain", 1, 1, SLA_POLICY.decode({**PLAIN, "calendar": "office"}), ("office", 1), CLOCK)


def entry(kind: str, at: datetime, ticket: TicketState = TICKET, **data: Any) -> Entry:
    return Entry(
        pos=1, seq=1, at=at, kind=kind, v=1, subject=ticket.id, subject_version=1, brand_id=None, team_id=None,
        agent_id=None, contact_id=None, conversation_id=UUID(int=3), ticket_id=ticket.id, actor="x", on_behalf=None,
        request=None, cause=None, depth=0, data=data,
    )  # fmt: skip


def ledger(targets: list[Target], ticket: TicketState = TICKET, terms: Terms | None = TERMS) -> Ledger:
    def clock_of(target: Target) -> Timepiece:
        return CLOCK if target.calendar else Timepiece()

    return Ledger({ticket.id: ticket}, targets, lambda _: terms, clock_of)


def played(entries: list[Entry], size: int) -> list[Target]:
    """In batches of a size, each of which knows only what the one before left."""
    held: dict[UUID, Target] = {}
    state = TICKET
    for start in range(0, len(entries), size):
        now = ledger([each for each in held.values() if each.open], state)
        for each in entries[start : start + size]:
            now.hear(each)
        held |= now.after
        answers = [t.met_at for t in held.values() if t.kind is not TargetKind.RESOLUTION and t.met_at]
        closed = any(t.kind is TargetKind.RESOLUTION and t.met_at for t in held.values())
        state = msgspec.structs.replace(TICKET, answered_at=min(answers, default=None), closed_before=closed)
    return list(held.values())


MOVES = {
    "pending": ("solve", "open"), "open": ("return", "pending"), "done": ("confirm", "pending"),
    "reopened": ("reopen", "done"),
}  # fmt: skip
HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(["received", "received", "sent", "sent", "bot", "thanks", *MOVES]), st.integers(1, 4 * 3600)
    ),
    max_size=25,
)


def life(happenings: list[tuple[str, int]]) -> list[Entry]:
    found, at, status = [entry("ticket.created", START)], START, "open"
    for what, pause in happenings:
        at += timedelta(seconds=pause)
        if what in MOVES:
            action, origin = MOVES[what]
            to = "open" if what == "reopened" else what
            if status == origin:
                found.append(entry("ticket.moved", at, TICKET, action=action, to=to, **{"from": status}))
                status = to
        elif what == "thanks":
            found.append(entry("message.received", at, effect="aside", automatic=False))
        elif what == "received":
            if status in ("open", "pending"):
                found.append(entry("message.received", at, effect="continue", automatic=False))
        else:
            found.append(entry("message.sent", at, human=what == "sent"))
    return found


@given(HAPPENINGS, st.integers(1, 30))
def test_a_life_gives_the_same_targets_in_batches_of_any_size(happenings: list[tuple[str, int]], size: int) -> None:
    entries = life(happenings)

    def told(targets: list[Target]) -> list[tuple[object, ...]]:
        return sorted(
            (t.started_at, t.kind, t.state, t.spent_s or 0, t.due_at or START, t.met_at or START, t.breached_at is None)
            for t in targets
        )

    assert told(played(entries, size)) == told(played(entries, len(entries)))


@given(HAPPENINGS)
def test_what_holds_in_every_life(happenings: list[tuple[str, int]]) -> None:
    targets = played(life(happenings), 1000)
    open_ = Counter(t.kind for t in targets if t.open)
    assert all(count == 1 for count in open_.values())
    assert open_[TargetKind.FIRST_RESPONSE] + open_[TargetKind.NEXT_RESPONSE] <= 1
    assert Counter(t.kind for t in targets if t.state is State.MET)[TargetKind.FIRST_RESPONSE] <= 1
    for t in targets:
        assert (t.due_at is None) == (t.paused_at is not None)
        assert all(begin <= end for begin, end in t.pauses)
        if t.state is State.RUNNING:
            assert t.due_at == (t.breached_at or CLOCK.reach(t.started_at, t.pauses, t.allowed_s))
        elif t.state is State.MET:
            assert t.spent_s is not None
            assert (t.breached_at is not None) == (t.spent_s > t.allowed_s) or t.spent_s == t.allowed_s


def test_an_entry_of_a_later_clock_in_between_makes_nothing_late() -> None:
    """Triage of an imported month says its own time; what was answered at once was answered at once."""
    now = ledger([])
    now.hear(entry("message.received", START, effect="create", automatic=False))
    now.hear(entry("work.ready", START + timedelta(days=3), work="ticket"))
    now.hear(entry("message.sent", START + timedelta(minutes=1), human=True))
    first = next(t for t in now.after.values() if t.kind is TargetKind.FIRST_RESPONSE)
    assert (first.state, first.breached_at, first.spent_s) == (State.MET, None, 60)


def test_nothing_begins_before_it_is_known_what_it_is() -> None:
    unknown = msgspec.structs.replace(TICKET, ready=False, waiting_since=START)
    now = ledger([], unknown)
    now.hear(entry("ticket.created", START, unknown))
    now.hear(entry("message.received", START, unknown, effect="create", automatic=False))
    assert now.after == {}
    later = ledger([], msgspec.structs.replace(unknown, ready=True))
    later.hear(entry("work.ready", START + timedelta(seconds=2), unknown, work="conversation"))
    assert later.after == {}
    later.hear(entry("work.ready", START + timedelta(seconds=2), unknown, work="ticket"))
    assert {(t.kind, t.started_at) for t in later.after.values()} == {
        (TargetKind.RESOLUTION, START), (TargetKind.FIRST_RESPONSE, START),
    }  # fmt: skip


def test_automatic_mail_and_thanks_wait_for_nobody() -> None:
    now = ledger([])
    now.hear(entry("message.received", START, effect="continue", automatic=True))
    now.hear(entry("message.received", START, effect="aside", automatic=False))
    assert now.after == {}


def test_thanks_after_an_answer_ask_for_no_other() -> None:
    answered = msgspec.structs.replace(TICKET, answered_at=START)
    thanks = entry("message.received", START + timedelta(minutes=1), answered, effect="continue", message="m1")
    now = Ledger({TICKET.id: answered}, [], lambda _: TERMS, lambda _: CLOCK, {"m1"})
    now.hear(thanks)
    assert now.after == {}
    first = Ledger({TICKET.id: TICKET}, [], lambda _: TERMS, lambda _: CLOCK, {"m1"})
    first.hear(thanks)
    assert [t.kind for t in first.after.values()] == [TargetKind.FIRST_RESPONSE]


def test_who_ends_the_chat_owes_no_further_answer_in_it() -> None:
    answered = msgspec.structs.replace(TICKET, answered_at=START)
    for reason, conversation, open_ in (("agent", 3, 0), ("timeout", 3, 1), ("customer", 4, 1), ("customer", 3, 0)):
        now = ledger([], answered)
        now.hear(entry("message.received", START + timedelta(minutes=1), answered, effect="continue", message="m"))
        end = entry("conversation.ended", START + timedelta(minutes=2), answered, reason=reason)
        now.hear(msgspec.structs.replace(end, conversation_id=UUID(int=conversation)))
        assert sum(t.open for t in now.after.values()) == open_, reason
    never = ledger([])
    never.hear(entry("message.received", START, effect="create", message="m"))
    never.hear(entry("conversation.ended", START + timedelta(minutes=2), reason="agent"))
    assert [t.open for t in never.after.values()] == [True]


def test_a_calendar_that_never_opens_again_is_left_out_and_said() -> None:
    closed = Timepiece(Calendar("UTC", {}))
    terms = Terms("plain", 1, 1, TERMS.policy, ("office", 1), closed)
    now = ledger([], terms=terms)
    now.hear(entry("message.received", START, effect="create", automatic=False))
    assert (now.after, now.skipped) == ({}, [(TICKET.id, "plain")])


def test_without_a_policy_nothing_is_promised() -> None:
    now = ledger([], terms=None)
    now.hear(entry("ticket.created", START))
    now.hear(entry("message.received", START, effect="create", automatic=False))
    assert now.after == {}


def test_only_what_the_customer_owes_pauses() -> None:
    reasons = ("customer_info", "customer_confirm", "internal", "third_party", "appointment", None)
    assert [pauses("open", reason) for reason in reasons] == [True, True, False, False, False, False]
    assert pauses("pending", None)


def test_the_reason_of_a_wait_is_heard() -> None:
    now = ledger([])
    now.hear(entry("ticket.created", START))
    waits = msgspec.structs.replace(TICKET, waiting_reason="customer_info")
    held = ledger(list(now.after.values()), waits)
    held.hear(entry("ticket.changed", START + timedelta(minutes=5), waits))
    (paused,) = held.after.values()
    assert (paused.state, paused.spent_s) == (State.PAUSED, 300)
    again = ledger(list(held.after.values()))
    again.hear(entry("ticket.changed", START + timedelta(minutes=9)))
    (running,) = again.after.values()
    assert (running.state, len(running.pauses)) == (State.RUNNING, 1)


