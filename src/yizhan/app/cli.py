"""The command `yizhan`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from yizhan.app.cli_channel import channel
from yizhan.app.cli_mail import mail
from yizhan.app.cli_simulate import simulate
from yizhan.app.cli_simulator import simulator
from yizhan.app.settings import Settings, SettingsError, load_settings
from yizhan.foundation.log import configure


@click.group()
@click.version_option(package_name="yizhan")
def main() -> None:
    """Yizhan 驿站: one stop for every customer conversation."""


@main.command()
@click.option("--demo/--no-demo", default=None, help="Demo data on the first start, one-click log-ins.")
@click.option("--host", default=None, help="Where to listen; 127.0.0.1 when not set.")
@click.option("--port", type=int, default=None, help="8000 when not set.")
@click.option("--web", type=int, default=None, help="So many web processes beside the main one.")
def serve(demo: bool | None, host: str | None, port: int | None, web: int | None) -> None:
    """Start everything: database, web, workers."""
    from yizhan.app.serve import serve as run

    with _explained():
        run(settings(demo=demo, host=host, port=port, web=web))


@main.command()
@click.option("--host", default=None, help="Where to listen; 127.0.0.1 when not set.")
@click.option("--port", type=int, default=None, help="8000 when not set.")
def web(host: str | None, port: int | None) -> None:
    """Only HTTP and sockets: one of several nodes on a shared database."""
    _run_node("web", host=host, port=port)


@main.command()
def router() -> None:
    """Only what there is one of: journal, readers, timers, routing, senders. A second one stands by."""
    _run_node("router")


@main.command()
def worker() -> None:
    """Only the jobs of the queue; any number may run."""
    _run_node("worker")


def _run_node(part: str, **given: object) -> None:
    from yizhan.app.house import Part
    from yizhan.app.nodes import run_node

    with _explained():
        run_node(Part(part), settings(new_keys=False, **given))


@main.group()
def audit() -> None:
    """The journal, which is the audit trail."""


@audit.command()
def verify() -> None:
    """Prove the hash chain; names the first altered entry and exits with 1."""
    from yizhan.app.upkeep import verify_journal

    whole, words = asyncio.run(verify_journal(settings()))
    click.echo(words)
    sys.exit(0 if whole else 1)


main.add_command(channel)
main.add_command(mail)
main.add_command(simulate)
main.add_command(simulator)


@main.command()
def retry() -> None:
    """Take what was put aside after failing too often once more: events, timers, jobs."""
    from yizhan.app.upkeep import retry_everything

    for line in asyncio.run(retry_everything(settings())):
        click.echo(line)


@main.group()
def keys() -> None:
    """The master key under which personal data is sealed."""


@keys.command()
def rotate() -> None:
    """Make a new master key and wrap everything anew; restart the server afterwards."""
    from yizhan.app.rotation import rotate_keys

    done = asyncio.run(rotate_keys(settings()))
    click.echo(
        f"Key {done.key}: {done.contacts} customers, {done.inboxes} inboxes, {done.outlets} outlets,"
        f" {done.files} files wrapped anew."
    )


@main.group()
def db() -> None:
    """The embedded PostgreSQL."""


@db.command()
@click.option(
    "--binaries", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
    help="Folder of the old PostgreSQL's programs, or of its wheel; looked for on this machine when not given.",
)  # fmt: skip
def upgrade(binaries: Path | None) -> None:
    """Move the data to the PostgreSQL that is installed now. The old data folder is kept."""
    from yizhan.foundation.db import ServerFailed
    from yizhan.foundation.db import upgrade as upgrade_data

    given = settings(new_keys=False)
    if given.database_url:
        raise click.ClickException("YIZHAN_DATABASE_URL names a server of your own: it is upgraded where it runs")
    try:
        done = upgrade_data(given.data_dir, binaries=binaries, say=click.echo)
    except ServerFailed as refused:
        raise click.ClickException(str(refused)) from None
    if done is None:
        click.echo("Nothing to do: the data is of the PostgreSQL that is installed.")
        return
    click.echo(f"{done.rows} rows in {done.tables} tables moved from PostgreSQL {done.before} to {done.after}.")
    click.echo(f"The old data is in {done.kept}; delete it when nobody misses anything.")


@main.group()
def agent() -> None:
    """People who serve."""


@agent.command()
@click.option("--login", required=True, help="What he signs in with.")
@click.option("--name", required=True, help="What customers and colleagues read.")
@click.option("--role", default="admin", show_default=True, help="agent, lead, supervisor or admin")
@click.password_option(help="Asked for when not given.")
def add(login: str, name: str, role: str, password: str) -> None:
    """Add somebody; the first administrator of a new house is made so."""
    from yizhan.app.newcomer import add_agent
    from yizhan.foundation.errors import DomainError

    try:
        asyncio.run(add_agent(settings(), login=login, name=name, role=role, password=password))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(f"{name} ({login}) can sign in.")


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from yizhan.web.app import api_document

    click.echo(api_document())


@contextmanager
def _explained() -> Iterator[None]:
    """A wrong setting is a sentence, not a stack."""
    try:
        yield
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None


def settings(*, new_keys: bool = True, **given: object) -> Settings:
    """From the environment and `yizhan.toml`; options of the command line win."""
    import os

    env = dict(os.environ)
    env.update({f"YIZHAN_{k.upper()}": str(v).lower() for k, v in given.items() if v is not None})
    with _explained():
        loaded = load_settings(env, new_keys=new_keys)
    configure(loaded.log_level, loaded.log_json)
    return loaded


if __name__ == "__main__":
    main()
