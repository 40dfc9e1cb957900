"""Alarms ring for what stands still, what was put aside, what does not go out, and a disk that fills."""

from datetime import UTC, datetime

import msgspec
import pytest

from yizhan.desk.operations import DatabaseState, Disk, OutboundState, ReaderState, State, alarms
from yizhan.foundation.lease import LeaseState
from yizhan.foundation.upkeep import Outcome

NIGHT = datetime(2026, 3, 2, 19, tzinfo=UTC)

WELL = State(
    readers=[ReaderState("search", 0, 0)], unplaced=0, timers_held=0, jobs_queued=3, jobs_held=0,
    conversations_queued=9, leases=[LeaseState("router", "here", 1, 8.0), LeaseState("mail:1", "", 4, 0.0)],
    outbound=OutboundState(4, 1, 0, 0, 2.0), database=DatabaseState("18", 1, 1), astray=0,
    upkeep=[Outcome("trail", NIGHT, 0.1, 99, None)],
)  # fmt: skip


def but(**changed: object) -> State:
    return msgspec.structs.replace(WELL, **changed)


def test_a_busy_house_that_is_well_rings_nothing() -> None:
    assert alarms(WELL, Disk(60, 100)) == []


@pytest.mark.parametrize(
    ("state", "code", "figure"),
    [
        (but(readers=[ReaderState("search", 5000, 0)]), "reader_behind", 5000),
        (but(readers=[ReaderState("a", 0, 2), ReaderState("b", 0, 1)]), "events_held", 3),
        (but(unplaced=1001), "events_unplaced", 1001),
        (but(timers_held=1), "timers_held", 1),
        (but(jobs_held=2), "jobs_held", 2),
        (but(leases=[LeaseState("journal", "gone", 2, 0.0)]), "lease_free", 1),
        (but(astray=2), "rows_astray", 2),
        (but(upkeep=[Outcome("orphans", NIGHT, 0.1, 7, None)]), "rows_orphaned", 7),
        (but(upkeep=[Outcome("trail", NIGHT, 0.1, 0, "away")]), "upkeep_failed", 1),
        (but(outbound=OutboundState(1, 0, 0, 0, 121.6)), "outbound_overdue", 122),
        (but(outbound=OutboundState(0, 0, 2, 1, 0.0)), "outbound_failed", 3),
    ],
)
def test_each_trouble_has_its_own_word(state: State, code: str, figure: int) -> None:
    assert [(alarm.code, alarm.figure) for alarm in alarms(state)] == [(code, figure)]


@pytest.mark.parametrize(("free", "level"), [(20, None), (14, "warn"), (4, "bad")])
def test_a_disk_that_fills(free: int, level: str | None) -> None:
    assert [alarm.level for alarm in alarms(WELL, Disk(free, 100))] == ([level] if level else [])


def test_the_worst_comes_first() -> None:
    both = but(outbound=OutboundState(0, 0, 1, 0, 0.0), jobs_held=1)
    assert [str(alarm.level) for alarm in alarms(both)] == ["bad", "warn"]
