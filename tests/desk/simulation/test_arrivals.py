"""What one conversation's entries say of how it came, who had it and for how long. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from yizhan.desk.routing import Seat, WorkKind
from yizhan.desk.simulation import past
from yizhan.desk.simulation.attendance import Handled
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry
from yizhan.records.rosters import OnDuty, ShiftKind

AT = datetime(2026, 11, 11, 9, tzinfo=UTC)
TEAM, LIN, SU = UUID(int=1), UUID(int=2), UUID(int=3)
CHAT, TICKET, CONTACT = new_id(AT), new_id(AT), UUID(int=4)

Said = tuple[float, str, dict[str, object]]


def entry(seconds: float, kind: str, told: dict[str, object], *, agent: UUID | None = None) -> Entry:
    return Entry(
        int(seconds), 0, AT + timedelta(seconds=seconds), kind, 1, CHAT, 1, None, TEAM, agent, CONTACT, CHAT, TICKET,
        "test", None, None, None, 0, told,
    )  # fmt: skip


def read(said: Sequence[Entry], unknown: Counter[str] | None = None) -> list[Handled]:
    work = past.Work(CHAT, WorkKind.CONVERSATION, TICKET, CONTACT, None, None, "webchat", 0, (), False, None)
    return past.arrivals_of([work], said, Counter() if unknown is None else unknown)


def started(phase: str, agent: UUID | None = None) -> Entry:
    return entry(0, "conversation.started", {"phase": phase, "live": True}, agent=agent)


def test_asleep_it_takes_nobodys_place_and_two_who_had_it_both_count() -> None:
    (made,) = read([
        started("queued"), entry(10, "conversation.assigned", {"to": str(LIN)}),
        entry(70, "conversation.slept", {}), entry(370, "conversation.woke", {}),
        entry(400, "conversation.requeued", {"from": str(LIN)}), entry(500, "conversation.assigned", {"to": str(SU)}),
        entry(520, "message.sent", {"human": True}), entry(560, "conversation.ended", {"reason": "agent"}),
    ])  # fmt: skip
    assert [(agent, (end - begin).seconds) for agent, begin, end in made.by] == [(LIN, 60), (LIN, 30), (SU, 60)]
    assert (made.arrival.serve_s, made.arrival.reply_s, made.known) == (150, 20, True)


def test_who_let_it_wait_is_no_time_of_service_and_later_turns_are_read() -> None:
    (made,) = read([
        started("queued"), entry(10, "conversation.assigned", {"to": str(LIN)}),
        entry(130, "conversation.requeued", {"from": str(LIN), "reason": "missed"}),
        entry(140, "conversation.assigned", {"to": str(SU)}), entry(160, "message.sent", {"human": True}),
        entry(200, "message.received", {"effect": "continue"}), entry(205, "message.received", {"effect": "continue"}),
        entry(230, "message.sent", {"human": True}), entry(300, "message.received", {"effect": "aside"}),
        entry(400, "conversation.ended", {"reason": "agent"}),
    ])  # fmt: skip
    a = made.arrival
    assert (a.misses, a.serve_s, a.reply_s, a.turns) == (1, 260, 20, ((60, 30),))


@pytest.mark.parametrize(
    ("midnight", "holder", "serve_s"),
    [(5, None, 90), (60, LIN, 40), (200, SU, 50), (250, None, None)],
    ids=["queued", "served", "by the second", "over"],
)
def test_what_is_not_over_at_midnight_lies_there(midnight: int, holder: UUID | None, serve_s: int | None) -> None:
    found = read([
        started("queued"), entry(10, "conversation.assigned", {"to": str(LIN)}),
        entry(20, "message.sent", {"human": True}),
        entry(100, "conversation.requeued", {"from": str(LIN)}) if midnight > 100 else entry(
            100, "conversation.ended", {"reason": "agent"}),
        *([entry(150, "conversation.assigned", {"to": str(SU)}), entry(250, "conversation.ended", {"reason": "agent"})]
          if midnight > 100 else []),
    ])  # fmt: skip
    start = AT + timedelta(seconds=midnight)
    day = past.day_of(start, start + timedelta(days=1), found, [], {}, [], Counter())
    assert [(a.holder, a.serve_s, a.at, a.promised) for a in day.arrivals] == (
        [] if serve_s is None else [(holder, serve_s, AT, holder is None)]
    )


def test_the_bots_customers_come_when_they_ask_for_a_person() -> None:
    given = entry(60, "conversation.assigned", {"to": str(LIN), "waited": 25})
    (made,) = read([started("bot"), given, entry(90, "conversation.ended", {"reason": "agent"})])
    assert made.arrival.at == AT + timedelta(seconds=35)
    unknown: Counter[str] = Counter()
    assert read([started("bot"), entry(40, "conversation.ended", {"reason": "customer"})], unknown) == []
    assert unknown == {"bot": 1}


def test_who_comes_back_to_his_agent_is_served_at_once_and_who_still_is_served_has_no_time_yet() -> None:
    (made,) = read([started("served", LIN), entry(20, "message.sent", {"human": True})])
    assert (made.by[0][0], made.arrival.reply_s, made.known) == (LIN, 20, False)
    (left,) = read([started("queued"), entry(45, "conversation.ended", {"reason": "abandoned"})])
    assert (left.arrival.patience_s, left.known, left.by) == (45, False, ())


def test_people_are_there_as_known_else_as_planned_else_as_they_were_seen() -> None:
    start, unknown = AT.replace(hour=0), Counter[str]()
    seats = [Seat(agent_id=UUID(int=n), online=False, idle_since=AT) for n in (2, 3, 4, 5)]
    handled = read([started("served", LIN), entry(60, "conversation.ended", {"reason": "agent"})])
    shift = OnDuty(
        shift_id=TEAM, agent_id=SU, team_id=TEAM, kind=ShiftKind.DAY, starts_at=start + timedelta(hours=20),
        ends_at=start + timedelta(hours=29), until=start + timedelta(hours=29),
    )  # fmt: skip
    known = {UUID(int=4): [(start - timedelta(hours=1), start + timedelta(hours=2))], UUID(int=5): []}
    day = past.day_of(start, start + timedelta(days=1), handled, seats, known, [shift], unknown)
    hours = {p.seat.agent_id.int: p.seconds / 3600 for p in day.people}
    assert hours == {4: 2, 3: 4.5, 2: 1 + 60 / 3600}  # five was away all day; a shift counts until half past midnight
    assert day.unknown == {"rostered": 1, "worked": 1}
