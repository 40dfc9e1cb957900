"""When somebody should look."""

from collections.abc import Iterator

from yizhan.desk.operations.model import Alarm, Disk, Level, State

BEHIND = 2_000  # events: what an installation of this size takes in a few minutes
UNPLACED = 1_000
OVERDUE_SECONDS = 120
KEPT_LEASES = frozenset({"journal", "router", "timers"})  # without a holder the house stands still
ORPHANS = "orphans"  # the task of the day that counts them
_TIGHT, _FULL = 0.15, 0.05


def alarms(state: State, disk: Disk | None = None) -> list[Alarm]:
    """The worst first; none is the good news."""
    found = [*_stands_still(state), *_put_aside(state), *_rows(state), *_outbound(state), *_disk(disk)]
    return sorted(found, key=lambda alarm: alarm.level is not Level.BAD)


def _stands_still(state: State) -> Iterator[Alarm]:
    lag = max((reader.lag for reader in state.readers), default=0)
    if lag > BEHIND:
        yield Alarm("reader_behind", Level.WARN, lag)
    if state.unplaced > UNPLACED:
        yield Alarm("events_unplaced", Level.BAD, state.unplaced)
    free = sum(lease.name in KEPT_LEASES and lease.left_s <= 0 for lease in state.leases)
    if free:
        yield Alarm("lease_free", Level.BAD, free)


def _put_aside(state: State) -> Iterator[Alarm]:
    counts = {
        "events_held": sum(reader.held for reader in state.readers),
        "timers_held": state.timers_held,
        "jobs_held": state.jobs_held,
    }
    for code, count in counts.items():
        if count:
            yield Alarm(code, Level.BAD, count)


def _rows(state: State) -> Iterator[Alarm]:
    """Rows where no partition was made for them, rows whose other side is gone, tasks of the day that failed."""
    if state.astray:
        yield Alarm("rows_astray", Level.BAD, state.astray)
    orphaned = sum(one.rows for one in state.upkeep if one.task == ORPHANS)
    if orphaned:
        yield Alarm("rows_orphaned", Level.BAD, orphaned)
    failed = sum(one.error is not None for one in state.upkeep)
    if failed:
        yield Alarm("upkeep_failed", Level.WARN, failed)


def _outbound(state: State) -> Iterator[Alarm]:
    if state.outbound.overdue_s > OVERDUE_SECONDS:
        yield Alarm("outbound_overdue", Level.BAD, round(state.outbound.overdue_s))
    undelivered = state.outbound.failed + state.outbound.unknown
    if undelivered:
        yield Alarm("outbound_failed", Level.WARN, undelivered)


def _disk(disk: Disk | None) -> Iterator[Alarm]:
    left = disk.free / disk.total if disk and disk.total else 1.0
    if left < _TIGHT:
        yield Alarm("disk_low", Level.BAD if left < _FULL else Level.WARN, round(left * 100))
