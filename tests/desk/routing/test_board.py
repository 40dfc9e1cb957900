"""The board alone: thousands of floors a minute, none of them with a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhan.desk.routing import (
    Action,
    Board,
    Decision,
    Excluded,
    Fact,
    LoadKind,
    Reach,
    Reason,
    Retired,
    Seat,
    Seated,
    Settled,
    Waiting,
    Work,
    WorkKind,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def uid(n: int) -> UUID:
    return UUID(int=n)


def work(n: int, **more: object) -> Work:
    waited = more.pop("waited", 0)
    assert isinstance(waited, int)
    at = NOW - timedelta(seconds=waited)
    fields: dict[str, object] = {
        "id": uid(n), "kind": WorkKind.CONVERSATION, "priority": 2, "seniority": at, "since": at, **more,
    }  # fmt: skip
    return Work(**fields)  # type: ignore[arg-type]


def seat(n: int, **more: object) -> Seat:
    idle = more.pop("idle", 0)
    assert isinstance(idle, int)
    since = NOW - timedelta(seconds=idle)
    fields: dict[str, object] = {"agent_id": uid(n), "online": True, "idle_since": since, **more}
    return Seat(**fields)  # type: ignore[arg-type]


def board(*facts: Work | Seat) -> Board:
    made = Board()
    for fact in facts:
        made.apply(Waiting(fact) if isinstance(fact, Work) else Seated(fact))
    return made


def given_to(decisions: list[Decision]) -> list[tuple[int, int | None]]:
    return [(d.work.id.int, d.agent_id.int if d.agent_id else None) for d in decisions]


def test_most_room_then_longest_idle_then_the_id() -> None:
    seats = [seat(1, live=1), seat(2, idle=10), seat(3, idle=60), seat(4, idle=60)]
    assert given_to(board(*seats, work(100)).decide(NOW)) == [(100, 3)]


def test_priority_then_the_front_then_seniority() -> None:
    works = [
        work(100, waited=5), work(101, waited=9), work(102, priority=3), work(103, priority=4), work(104, front=True),
    ]  # fmt: skip
    decided = board(seat(1, live_cap=50), *works).decide(NOW)
    assert [d.work.id.int for d in decided] == [103, 102, 104, 101, 100]


def test_the_two_loads_never_block_each_other() -> None:
    full_of_tickets = seat(1, async_=30, live=4)
    decided = board(full_of_tickets, work(100), work(101, kind=WorkKind.TICKET)).decide(NOW)
    assert given_to(decided) == [(100, 1)]
    full_of_chats = seat(1, live=5)
    decided = board(full_of_chats, work(100), work(101, kind=WorkKind.TICKET)).decide(NOW)
    assert given_to(decided) == [(101, 1)]


def test_skills_are_a_must_and_teams_too_unless_empty() -> None:
    def decide(needing: Work) -> list[tuple[int, int | None]]:
        able = seat(1, skills=frozenset({uid(7)}), teams=frozenset({uid(8)}), live=4)
        return given_to(board(able, seat(2, teams=frozenset({uid(9)})), needing).decide(NOW))

    assert decide(work(100, skills=frozenset({uid(7)}))) == [(100, 1)]
    assert decide(work(100, team_id=uid(8))) == [(100, 1)]
    assert decide(work(100, team_id=uid(55))) == [(100, 2)]


def test_who_knows_the_matter_comes_first_while_there_is_room() -> None:
    decided = board(seat(1, live=4), seat(2), work(100, prefer=(uid(1),)), work(101, prefer=(uid(1),))).decide(NOW)
    assert given_to(decided) == [(100, 1), (101, 2)]
    told = [d.explanation.reason for d in decided if d.explanation]
    assert told == [Reason.STICKY, Reason.ROOM]


def test_the_explanation_names_everybody_and_why_not() -> None:
    seats = [seat(1), seat(2, live=5), seat(3, online=False), seat(4, lost=True), seat(5, live=3)]
    (decision,) = board(*seats, work(100, waited=18)).decide(NOW)
    told = decision.explanation
    assert told is not None
    assert (told.reason, told.waited, told.carried, told.cap) == (Reason.ROOM, 18, 1, 5)
    assert told.judged[0].agent == uid(1)
    assert {j.agent.int: j.excluded for j in told.judged[1:]} == {
        2: Excluded.FULL, 3: Excluded.PRESENCE, 4: Excluded.LOST, 5: None,
    }  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(told), type=type(told)) == told


@pytest.mark.parametrize(
    ("live", "minutes", "online", "action"),
    [
        (0, 10, True, Action.KEEP), (5, 10, True, Action.KEEP), (6, 10, True, Action.FRONT),
        (0, 31, True, Action.FRONT), (0, 10, False, Action.FRONT),
    ],
)  # fmt: skip
def test_a_sleeper_who_returns(live: int, minutes: int, online: bool, action: Action) -> None:
    spoken = NOW - timedelta(minutes=minutes)
    back = work(100, back_to=uid(1), back_until=spoken + timedelta(minutes=30))
    decided = board(seat(1, live=live, online=online), back).decide(NOW)
    assert decided[0].action is action


def test_one_that_cannot_return_is_given_to_another_at_once_before_all_others() -> None:
    back = work(100, back_to=uid(1), back_until=NOW)
    decided = board(seat(1, live=6), seat(2, live=4), back, work(99, waited=600)).decide(NOW)
    assert [(d.action, d.work.id.int, d.agent_id) for d in decided] == [
        (Action.FRONT, 100, uid(1)), (Action.GIVE, 100, uid(2)),
    ]  # fmt: skip


def test_who_gave_it_back_rests_while_somebody_else_may_come_free() -> None:
    returned = work(100, returned={uid(1): NOW + MINUTE})
    assert given_to(board(seat(1), seat(2, live=5), returned).decide(NOW)) == []
    assert given_to(board(seat(1), seat(2, live=4), returned).decide(NOW)) == [(100, 2)]
    assert given_to(board(seat(1), seat(2, online=False, away_since=NOW), returned).decide(NOW)) == [(100, 1)]
    assert given_to(board(seat(1), seat(2, online=False), returned).decide(NOW)) == []  # 小休
    assert given_to(board(seat(1), seat(2, live=5), returned).decide(NOW + MINUTE)) == [(100, 1)]
    assert given_to(board(seat(1, live=0), seat(2, live=4), returned).decide(NOW + MINUTE)) == [(100, 2)]
    (told,) = board(seat(1), returned).decide(NOW)
    assert told.explanation is not None
    assert told.explanation.judged[0].returned


def test_who_missed_it_gets_it_last() -> None:
    missed = work(101, missed=frozenset({uid(1)}))
    assert given_to(board(seat(1), missed).decide(NOW)) == [(101, 1)]
    assert given_to(board(seat(1), seat(2, live=4), missed).decide(NOW)) == [(101, 2)]


SKILL, CARE, SALES = uid(7), uid(8), uid(9)
HOLDS = frozenset({SKILL})


def needing(**more: object) -> Work:
    """Needs a skill, in the team of after-sales."""
    spans: dict[str, object] = {"house_at": NOW + MINUTE, "should_at": NOW + 3 * MINUTE, **more}
    return work(100, skills=HOLDS, team_id=CARE, **spans)


def test_a_skill_the_team_does_not_have_is_sought_in_every_team_at_once() -> None:
    care, sales = seat(1, teams=frozenset({CARE})), seat(2, live=4, skills=HOLDS, teams=frozenset({SALES}))
    (told,) = board(care, sales, needing()).decide(NOW)
    assert told.agent_id == uid(2)
    assert told.explanation is not None
    assert told.explanation.reach is Reach.HOUSE


def test_the_teams_own_are_waited_for_a_while_when_they_are_in_the_house() -> None:
    own: dict[str, object] = {"skills": HOLDS, "teams": frozenset({CARE})}
    other = seat(2, live=1, skills=HOLDS, teams=frozenset({SALES}))
    assert given_to(board(seat(1, live=5, **own), other, needing()).decide(NOW)) == []
    assert given_to(board(seat(1, online=False, **own), other, needing()).decide(NOW)) == []  # 小休
    gone = seat(1, online=False, away_since=NOW, **own)
    assert given_to(board(gone, other, needing()).decide(NOW)) == [(100, 2)]
    assert given_to(board(seat(1, live=5, **own), other, needing()).decide(NOW + MINUTE)) == [(100, 2)]
    assert given_to(board(seat(1, **own), other, needing()).decide(NOW + MINUTE)) == [(100, 1)]


def test_later_the_skill_is_only_wished_for() -> None:
    care, sales = seat(1, teams=frozenset({CARE})), seat(2, teams=frozenset({SALES}))
    assert given_to(board(care, sales, needing()).decide(NOW + 2 * MINUTE)) == []
    (told,) = board(care, sales, needing()).decide(NOW + 3 * MINUTE)
    assert told.agent_id == uid(1)
    assert told.explanation is not None
    assert (told.explanation.reach, told.explanation.judged[0].lacks) == (Reach.SHOULD, True)
    holder = seat(3, live=4, skills=HOLDS, teams=frozenset({SALES}))
    assert given_to(board(care, sales, holder, needing()).decide(NOW + 3 * MINUTE)) == [(100, 3)]
    assert given_to(board(care, needing(should_at=None)).decide(NOW + timedelta(days=1))) == []


def test_work_that_needs_no_skill_never_leaves_its_team() -> None:
    sales = seat(2, teams=frozenset({SALES}))
    late = work(100, team_id=CARE, house_at=NOW, should_at=NOW)
    assert given_to(board(seat(1, live=5, teams=frozenset({CARE})), sales, late).decide(NOW + 9 * MINUTE)) == []


def test_work_weighs_what_its_channel_says() -> None:
    assert given_to(board(seat(1, live=4), work(100, weight=2)).decide(NOW)) == []
    assert given_to(board(seat(1, live=3), work(100, weight=2), work(101)).decide(NOW)) == [(100, 1)]
    assert given_to(board(seat(1, live=4), work(100, weight=2, waited=9), work(101)).decide(NOW)) == [(101, 1)]


def test_beside_a_call_nothing_live_is_given() -> None:
    call = work(100, priority=3, alone=True)
    assert given_to(board(seat(1), call, work(101), work(102, alone=True)).decide(NOW)) == [(100, 1)]
    assert given_to(board(seat(1, live=2), call).decide(NOW)) == [(100, 1)]  # chats under way go on
    assert given_to(board(seat(1, live=1, alone=1), work(101, kind=WorkKind.TICKET)).decide(NOW)) == [(101, 1)]
    back = work(100, back_to=uid(1), back_until=NOW + MINUTE)
    assert board(seat(1, live=1, alone=1), back).decide(NOW)[0].action is Action.FRONT


def test_a_ticket_that_somebody_has_stays_with_him_whatever_he_carries() -> None:
    held = work(100, kind=WorkKind.TICKET, held_by=uid(1))
    decided = board(seat(1, async_=30, online=False), seat(2), held).decide(NOW)
    assert [(d.action, d.agent_id) for d in decided] == [(Action.KEEP, uid(1))]
    assert given_to(board(seat(2), held).decide(NOW)) == [(100, 2)]  # the handler has left the house


def test_what_left_is_not_dealt_out() -> None:
    made = board(seat(1), seat(2), work(100), work(101))
    made.apply(Settled(uid(100)))
    made.apply(Retired(uid(1)))
    assert given_to(made.decide(NOW)) == [(101, 2)]
    assert made.decide(NOW) == []


IDS = st.integers(1, 6).map(uid)
SETS = st.frozensets(st.integers(50, 52).map(uid), max_size=2)
SECONDS = st.integers(0, 4000).map(lambda s: NOW - timedelta(seconds=s))
NEAR = st.integers(-300, 300).map(lambda s: NOW + timedelta(seconds=s))
SEATS = st.builds(
    Seat, agent_id=IDS, online=st.booleans(), lost=st.booleans(), live=st.integers(0, 4), live_cap=st.integers(0, 4),
    async_=st.integers(0, 3), async_cap=st.integers(0, 3), idle_since=SECONDS, skills=SETS, teams=SETS,
    alone=st.sampled_from([0, 0, 0, 1]), away_since=st.none() | SECONDS,
)  # fmt: skip
WORKS = st.builds(
    Work, id=st.integers(100, 112).map(uid), kind=st.sampled_from(WorkKind), priority=st.integers(1, 4),
    seniority=SECONDS, since=SECONDS, front=st.booleans(), skills=SETS,
    team_id=st.none() | st.integers(50, 53).map(uid), prefer=st.lists(IDS, max_size=2).map(tuple),
    returned=st.dictionaries(IDS, NEAR, max_size=2), missed=st.frozensets(IDS, max_size=1),
    weight=st.sampled_from([1, 1, 1, 2]), house_at=st.none() | NEAR, should_at=st.none() | NEAR,
)  # fmt: skip
RETURNS = st.builds(
    Work, id=st.integers(200, 203).map(uid), kind=st.just(WorkKind.CONVERSATION), priority=st.just(2),
    seniority=SECONDS, since=SECONDS, back_to=IDS, back_until=SECONDS.map(lambda at: at + timedelta(minutes=30)),
)  # fmt: skip
FACTS = st.one_of(
    SEATS.map(Seated), WORKS.map(Waiting), RETURNS.map(Waiting), IDS.map(Retired),
    st.integers(100, 112).map(uid).map(Settled),
)  # fmt: skip
STORIES = st.lists(FACTS | st.none(), max_size=40)  # None: now decide


def could_serve(work: Work, one: Seat, everybody: list[Seat]) -> bool:
    """Team and skill by the rule as it is told to people, worked out anew and slowly."""
    if work.back_to is not None:
        return True
    staffed = any(work.team_id in other.teams for other in everybody)
    mine = work.team_id is None or not staffed or work.team_id in one.teams
    if not work.skills:
        return mine
    has = work.skills <= one.skills
    if work.should_at is not None and work.should_at <= NOW:
        return has or mine
    held = any(work.team_id in o.teams and work.skills <= o.skills and o.away_since is None for o in everybody)
    waited = work.house_at is not None and work.house_at <= NOW
    return has and (mine or waited or not held)


def rests(work: Work, one: Seat) -> bool:
    return one.agent_id in work.returned and work.returned[one.agent_id] > NOW


class Ledger:
    """Plays a story, keeping its own books: seats as told, plus what was decided since."""

    def __init__(self) -> None:
        self.board = Board()
        self.seats: dict[UUID, Seat] = {}
        self.works: dict[UUID, Work] = {}

    def play(self, story: list[Fact | None]) -> list[Decision]:
        made: list[Decision] = []
        for fact in [*story, None]:
            if fact is None:
                made += self.decide()
                continue
            fact = Seated(msgspec.structs.replace(fact.seat)) if isinstance(fact, Seated) else fact
            self.board.apply(fact)
            match fact:
                case Seated(one):
                    self.seats[one.agent_id] = msgspec.structs.replace(one)
                case Retired(agent):
                    self.seats.pop(agent, None)
                case Waiting(one_work):
                    self.works[one_work.id] = one_work
                case Settled(gone):
                    self.works.pop(gone, None)
        return made

    def check(self, d: Decision, holder: Seat) -> None:
        told = d.explanation
        assert told is not None
        assert holder.online
        assert not holder.lost
        assert not (d.work.load is LoadKind.LIVE and holder.alone), "given beside a call"
        cap = holder.live_cap if d.work.load is LoadKind.LIVE else holder.async_cap
        over = d.work.over if told.reason is Reason.RETURNING else 0
        assert holder.carried(d.work.load) + d.work.weight <= cap + over, "cap exceeded"
        assert could_serve(d.work, holder, list(self.seats.values()))

    def decide(self) -> list[Decision]:
        decisions = self.board.decide(NOW)
        for d in decisions:
            if d.action is Action.FRONT:
                self.works[d.work.id] = msgspec.structs.replace(d.work, back_to=None, back_until=None, front=True)
                continue
            assert d.agent_id is not None
            assert d.work.id in self.works, "given twice"
            del self.works[d.work.id]
            self.check(d, self.seats[d.agent_id])
            self.seats[d.agent_id].carry(d.work)
        return decisions


@settings(max_examples=150, deadline=None)
@given(STORIES)
def test_whatever_happens_the_promises_hold(story: list[Fact | None]) -> None:
    ledger = Ledger()
    ledger.play(story)
    assert {w.id for w in ledger.board.waiting()} == set(ledger.works)
    everybody = list(ledger.seats.values())
    for waiting in ledger.works.values():
        fit = [o for o in everybody if could_serve(waiting, o, everybody)]
        others = any(o.away_since is None and not rests(waiting, o) for o in fit)
        for one in (o for o in fit if o.online and not o.lost and not (others and rests(waiting, o))):
            kept = ledger.board.is_kept(one.agent_id, waiting.load)
            assert kept or one.room(waiting.load) < waiting.weight, f"{waiting.id} waits beside {one.agent_id}"


@settings(max_examples=120, deadline=None)
@given(
    st.lists(WORKS, max_size=12, unique_by=lambda w: w.id),
    st.lists(SEATS, max_size=6, unique_by=lambda s: s.agent_id),
)
def test_nobody_is_passed_over_by_who_came_later(works: list[Work], seats: list[Seat]) -> None:
    """Of two that need the same, the more urgent goes first, then who stands at the front, then who waited longer."""
    decided = board(*(msgspec.structs.replace(s) for s in seats), *works).decide(NOW)
    given = [d.work for d in decided]

    def place(work: Work) -> tuple[int, bool, datetime, UUID]:
        return -work.priority, not work.front, work.seniority, work.id

    assert given == sorted(given, key=place)
    for left in (w for w in works if w not in given):
        for later in (w for w in given if place(w) > place(left) and not left.returned and not w.returned):
            alike = (left.kind, left.skills, left.team_id, left.weight) == (
                later.kind, later.skills, later.team_id, later.weight,
            )  # fmt: skip
            nearer = (later.house_at, later.should_at) == (left.house_at, left.should_at)
            assert not (alike and nearer), f"{later.id} went before {left.id}"


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_the_same_story_is_decided_the_same_way(story: list[Fact | None]) -> None:
    assert Ledger().play(story) == Ledger().play(story)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(WORKS, max_size=12, unique_by=lambda w: w.id),
    st.lists(SEATS, max_size=6, unique_by=lambda s: s.agent_id),
)
def test_the_order_of_arrival_decides_nothing(works: list[Work], seats: list[Seat]) -> None:
    def copies() -> list[Seat]:
        return [msgspec.structs.replace(s) for s in seats]

    forwards = board(*copies(), *works).decide(NOW)
    backwards = board(*reversed(works), *reversed(copies())).decide(NOW)
    assert given_to(forwards) == given_to(backwards)


def test_ten_thousand_who_wait_for_the_full_cost_next_to_nothing() -> None:
    made = board(*(seat(n, live=5) for n in range(50)), *(work(1000 + n, waited=n) for n in range(10_000)))
    assert made.decide(NOW) == []
    made.apply(Seated(seat(3, live=4)))
    (one,) = made.decide(NOW)
    assert one.work.id == uid(10_999)
    assert LoadKind.LIVE is one.work.load


def test_shortly_before_the_end_of_a_shift_tickets_still_come_but_nothing_live() -> None:
    floor = board(seat(1, leaving=True), work(100), work(101, kind=WorkKind.TICKET))
    assert given_to(floor.decide(NOW)) == [(101, 1)]
    floor.apply(Seated(seat(1)))
    assert given_to(floor.decide(NOW)) == [(100, 1)]
