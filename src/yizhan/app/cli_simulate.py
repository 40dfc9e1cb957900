"""`yizhan simulate`: what other rules of routing would make of a busy day, before they are released."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from yizhan.foundation.errors import Invalid

if TYPE_CHECKING:
    from yizhan.desk.simulation import BoardDealer, Day


@click.command()
@click.option("--tickets", default=5_000, show_default=True, help="So many customers in the day.")
@click.option("--people", default=28, show_default=True, help="So many agents, in four shifts.")
@click.option("--seed", default=7, show_default=True, help="Another seed is another day.")
@click.option(
    "--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A routing document (JSON) to be tried against the default; without it, against round robin.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def simulate(tickets: int, people: int, seed: int, rules: Path | None, as_json: bool) -> None:
    """Run a generated day through the very board that deals out work, and compare."""
    from yizhan.desk import simulation

    day = simulation.busy_day(datetime(2026, 11, 11, tzinfo=UTC), count=tickets, people=people, seed=seed)
    default = simulation.measure(day, simulation.simulate(day, simulation.BoardDealer(day)))
    if rules is None:
        names = "round robin", "default rules"
        before = simulation.measure(day, simulation.simulate(day, simulation.RoundRobin(day)))
        after = default
    else:
        names = "default rules", rules.name
        before = default
        after = simulation.measure(day, simulation.simulate(day, _dealer(day, rules)))
    if as_json:
        told = {"names": names, "before": before, "after": after}
        click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
        return
    click.echo(f"{'':<14}{names[0]:>18}{names[1]:>18}")
    for what, was, now in simulation.compare(before, after):
        click.echo(f"{what:<14}{was:>18g}{now:>18g}")


def _dealer(day: Day, path: Path) -> BoardDealer:
    """Raises what is wrong with the document, with its place."""
    from yizhan.desk import routing, simulation

    try:
        document = routing.ROUTING.decode(msgspec.json.decode(path.read_bytes()))
        rules = routing.compile_routing([document], path.name)
    except (Invalid, msgspec.DecodeError) as wrong:
        place = getattr(wrong, "field", None)
        raise click.ClickException(f"{path.name}{': ' + place if place else ''}: {wrong}") from None
    return simulation.BoardDealer(day, rules)
