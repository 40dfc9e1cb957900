"""/metrics in the text form of Prometheus: what the processes and the machine room count."""

from collections.abc import Callable, Iterator, Sequence

from yizhan.desk.operations import State
from yizhan.foundation.upkeep import Outcome
from yizhan.web.meter import BOUNDS
from yizhan.web.meters import Reading

MEDIA_TYPE = "text/plain; version=0.0.4"


def exposition(readings: Sequence[Reading], state: State) -> str:
    return "\n".join([*_reading_lines(readings), *_state_lines(state), ""])


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


def _reading_lines(readings: Sequence[Reading]) -> Iterator[str]:
    """Each process has series of its own: whichever answers, the same counters go on."""
    yield "# TYPE yizhan_http_answers_total counter"
    for one in readings:
        for method, status, count in one.counts.answers:
            yield f'yizhan_http_answers_total{{process="{one.process}",method="{method}",status="{status}"}} {count}'
    yield "# TYPE yizhan_http_seconds histogram"
    for one in readings:
        yield from _histogram(one)
    figures: dict[str, Callable[[Reading], float]] = {
        "yizhan_sockets gauge": lambda one: one.counts.sockets,
        "process_cpu_seconds_total counter": lambda one: one.cpu,
        "process_resident_memory_bytes gauge": lambda one: one.resident,
    }
    for name, figure in figures.items():
        yield f"# TYPE {name}"
        for one in readings:
            yield f'{name.split()[0]}{{process="{one.process}"}} {figure(one)}'


def _histogram(one: Reading) -> Iterator[str]:
    total, who = 0, f'process="{one.process}"'
    for bound, count in zip((*BOUNDS, "+Inf"), one.counts.buckets, strict=True):
        total += count
        yield f'yizhan_http_seconds_bucket{{{who},le="{bound}"}} {total}'
    yield f"yizhan_http_seconds_sum{{{who}}} {one.counts.seconds:.6f}"
    yield f"yizhan_http_seconds_count{{{who}}} {total}"


def _gauge(name: str, value: float) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"
