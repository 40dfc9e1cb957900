"""`yizhan simulator`: every vendor on this machine, and a phone to try it with."""

from __future__ import annotations

import click


@click.command()
@click.option("--port", type=int, default=None, help="Where the vendors and the page are; 8010 when not set.")
@click.option("--product", default=None, help="Where `yizhan serve` answers; as its settings say when not given.")
def simulator(port: int | None, product: str | None) -> None:
    """Try WeChat, Weibo, SMS … end to end without an account: stand-ins of the vendors, and a page with a phone for
    each. Run it beside `yizhan serve --demo`, on the same data folder."""
    from yizhan.app.cli import settings
    from yizhan.app.simulator import Unusable, run_simulator

    try:
        run_simulator(settings(simulator_port=port), product)
    except Unusable as refused:
        raise click.ClickException(str(refused)) from None
