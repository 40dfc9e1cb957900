"""`yizhan simulate`: what other rules would make of a day, before they are released."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from yizhan.foundation.errors import DomainError

if TYPE_CHECKING:
    from yizhan.desk.simulation import Comparison, Findings, WhichDay

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PRIORITIES = {4: "urgent", 3: "high", 2: "medium", 1: "low"}
_START = datetime(2026, 11, 11, tzinfo=UTC)


@click.command()
@click.option("--yesterday", is_flag=True, help="The house's own day, out of its journal.")
@click.option("--day", "on", type=click.DateTime(["%Y-%m-%d"]), help="Another day of the house, such as 2026-11-11.")
@click.option("--times", type=click.IntRange(1, 20), default=1, help="That day so many times as busy.")
@click.option("--tickets", "--generated", default=5_000, show_default=True, type=click.IntRange(50, 1_000_000),
              help="A generated day with so many customers.")  # fmt: skip
@click.option("--people", default=28, show_default=True, help="So many agents of a generated day, in four shifts.")
@click.option("--seed", default=7, show_default=True, help="Another seed is another generated day.")
@click.option("--routing", "--rules", "routing", type=_FILE, help="A routing document (JSON) to be tried.")
@click.option("--sla", type=_FILE, help="A service level policy (JSON) to be tried.")
@click.option("--draft", is_flag=True, help="Try everything that is saved in the house and not released.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def simulate(
    yesterday: bool, on: datetime | None, times: int, tickets: int, people: int, seed: int, routing: Path | None,
    sla: Path | None, draft: bool, as_json: bool,
) -> None:  # fmt: skip
    """Play a day through the very rules that deal out work and promise answers, and compare before and after.

    Without other rules a generated day is played under round robin and under what ships. A file says only what shall
    be otherwise than in the house's own document.
    """
    if draft and (routing or sla):
        raise click.UsageError("--draft and files are two ways to say which rules: choose one")
    files = {kind: path for kind, path in (("routing", routing), ("sla_policy", sla)) if path is not None}
    of_house = yesterday or on is not None or draft
    if not of_house and not files:
        _against_round_robin(tickets, people, seed, as_json)
        return
    try:
        if of_house:
            which = _which(yesterday, on.date() if on else None, times, tickets)
            found = _of_the_house(which, files, draft)
        else:
            found = _generated(tickets, people, seed, files)
    except DomainError as wrong:
        place = getattr(wrong, "field", None)
        raise click.ClickException(f"{place}: {wrong.message}" if place else wrong.message) from None
    other = "drafts" if draft else "+".join(path.name for path in files.values()) or "the same"
    names = ["in force" if of_house else "default rules", other]
    if as_json:
        _print_json({"names": names, **msgspec.to_builtins(found, str_keys=True)})
    else:
        _print_table(names, found)


def _which(yesterday: bool, on: date | None, times: int, count: int) -> WhichDay:
    from yizhan.desk.simulation import WhichDay

    if yesterday:
        return WhichDay("yesterday", times=times)
    return WhichDay("on", on=on, times=times) if on is not None else WhichDay("generated", count=count)


def _of_the_house(which: WhichDay, files: dict[str, Path], draft: bool) -> Comparison:
    from yizhan.app.cli import settings
    from yizhan.app.simulating import of_the_house

    return asyncio.run(of_the_house(settings(), which, files, drafts=draft))


def _generated(tickets: int, people: int, seed: int, files: dict[str, Path]) -> Comparison:
    from yizhan.app.simulating import without_a_house
    from yizhan.desk import simulation

    return without_a_house(simulation.busy_day(_START, count=tickets, people=people, seed=seed), files)


def _against_round_robin(tickets: int, people: int, seed: int, as_json: bool) -> None:
    from yizhan.desk import simulation

    day = simulation.busy_day(_START, count=tickets, people=people, seed=seed)
    before = simulation.measure(day, simulation.simulate(day, simulation.RoundRobin(day)))
    after = simulation.measure(day, simulation.simulate(day, simulation.BoardDealer(day)))
    names = ["round robin", "default rules"]
    if as_json:
        _print_json({"names": names, "before": before, "after": after})
        return
    _print_rows(names, simulation.compare(before, after))


def _print_json(told: dict[str, Any]) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())


def _print_table(names: list[str], found: Comparison) -> None:
    day = found.day
    before = f", {day.carried} from before midnight" if day.carried else ""
    click.echo(f"{day.start:%Y-%m-%d %H:%M %Z}  {day.arrivals} arrivals, {day.people} people{before}")
    _print_rows(names, rows(found.before, found.after))
    took = max(found.before.took_s, found.after.took_s, 0.01)
    click.echo(f"24 h in {took:.1f} s ({86_400 / took:,.0f} times real time)")
    for change in found.changes:
        for each in change.changes:
            click.echo(f"  {change.kind}/{change.name} {each.path}: {each.before} -> {each.after}")
    if day.unknown:
        told = ", ".join(f"{what} {count}" for what, count in sorted(day.unknown.items()))
        click.echo(f"not known of that day: {told}")


def _print_rows(names: list[str], told: list[tuple[str, float, float]]) -> None:
    width = max(14, *(len(what) + 1 for what, *_ in told))
    click.echo(f"{'':<{width}}{names[0]:>18}{names[1]:>18}")
    for what, was, now in told:
        click.echo(f"{what:<{width}}{was:>18g}{now:>18g}")


def rows(before: Findings, after: Findings) -> list[tuple[str, float, float]]:
    """(what, before, after): waits in seconds by priority, promises by kind and priority, then the whole day."""
    told: list[tuple[str, float, float]] = []
    for number, name in _PRIORITIES.items():
        was, now = before.waits.get(number), after.waits.get(number)
        if was and now:
            told += [(f"p50.{name}", was.p50, now.p50), (f"p95.{name}", was.p95, now.p95)]
    promised = {(p.kind, p.key): p for p in before.by_priority}, {(p.kind, p.key): p for p in after.by_priority}
    for kind, key in sorted(promised[0].keys() | promised[1].keys()):
        first, last = promised[0].get((kind, key)), promised[1].get((kind, key))
        place = f"{kind}.{_PRIORITIES.get(int(key), key)}"
        told.append((f"late.{place}", first.late if first else 0, last.late if last else 0))
        told.append((f"near.{place}", first.near if first else 0, last.near if last else 0))
    for what in ("gini", "matched", "helped", "moved", "left", "unserved"):
        told.append((what, getattr(before, what), getattr(after, what)))
    return told
