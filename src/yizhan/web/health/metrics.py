"""/metrics in the text form of Prometheus: what the process and the machine room count."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

from yizhan.desk.operations import State
from yizhan.foundation.upkeep import Outcome
from yizhan.web.meter import Meter

MEDIA_TYPE = "text/plain; version=0.0.4"
_KIB = 1024


def exposition(meter: Meter, state: State) -> str:
    return "\n".join([*meter.lines(), *_state_lines(state), *_process_lines(), ""])


def _state_lines(state: State) -> Iterator[str]:
    yield "# TYPE yizhan_reader_lag gauge"
    for reader in state.readers:
        yield f'yizhan_reader_lag{{reader="{reader.reader}"}} {reader.lag}'
    yield "# TYPE yizhan_reader_held gauge"
    for reader in state.readers:
        yield f'yizhan_reader_held{{reader="{reader.reader}"}} {reader.held}'
    yield "# TYPE yizhan_outbound gauge"
    for name in ("queued", "sending", "failed", "unknown"):
        yield f'yizhan_outbound{{state="{name}"}} {getattr(state.outbound, name)}'
    yield from _gauge("yizhan_outbound_overdue_seconds", state.outbound.overdue_s)
    yield from _gauge("yizhan_events_unplaced", state.unplaced)
    yield from _gauge("yizhan_timers_held", state.timers_held)
    yield from _gauge("yizhan_rows_astray", state.astray)
    yield from _upkeep_lines(state)
    yield from _gauge("yizhan_database_bytes", state.database.bytes)
    yield from _gauge("yizhan_database_connections", state.database.connections)


def _upkeep_lines(state: State) -> Iterator[str]:
    """What each task of the day last came to, and when."""
    figures: dict[str, Callable[[Outcome], float]] = {
        "rows": lambda one: one.rows,
        "seconds": lambda one: round(one.seconds, 3),
        "failed": lambda one: int(one.error is not None),
        "timestamp_seconds": lambda one: round(one.ran_at.timestamp()),
    }
    for name, figure in figures.items():
        yield f"# TYPE yizhan_upkeep_{name} gauge"
        for one in state.upkeep:
            yield f'yizhan_upkeep_{name}{{task="{one.task}"}} {figure(one)}'


def _process_lines() -> Iterator[str]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    yield "# TYPE process_cpu_seconds_total counter"
    yield f"process_cpu_seconds_total {usage.ru_utime + usage.ru_stime:.3f}"
    yield from _gauge("process_resident_memory_bytes", _resident(usage.ru_maxrss * _KIB))


def _resident(peak: int) -> int:
    """As Linux tells it; elsewhere the peak is the nearest there is."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() if statm.exists() else peak


def _gauge(name: str, value: float) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"
