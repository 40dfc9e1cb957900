"""The command `yizhan`."""

from __future__ import annotations

import asyncio
import sys

import click

from yizhan.app.cli_mail import mail
from yizhan.app.settings import Settings, SettingsError, load_settings
from yizhan.foundation.log import configure


@click.group()
def main() -> None:
    """Yizhan 驿站: one stop for every customer conversation."""


@main.command()
@click.option("--demo/--no-demo", default=None, help="Demo data on the first start, one-click log-ins.")
@click.option("--host", default=None)
@click.option("--port", type=int, default=None)
def serve(demo: bool | None, host: str | None, port: int | None) -> None:
    """Start everything: database, web, workers."""
    from yizhan.app.serve import serve as run

    run(settings(demo=demo, host=host, port=port))


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


main.add_command(mail)


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
    click.echo(f"Key {done.key}: {done.contacts} customers, {done.inboxes} inboxes, {done.files} files wrapped anew.")


@main.group()
def agent() -> None:
    """People who serve."""


@agent.command()
@click.option("--login", required=True)
@click.option("--name", required=True)
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


def settings(**given: object) -> Settings:
    """From the environment and `yizhan.toml`; options of the command line win."""
    import os

    env = dict(os.environ)
    env.update({f"YIZHAN_{k.upper()}": str(v).lower() for k, v in given.items() if v is not None})
    try:
        loaded = load_settings(env)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    configure(loaded.log_level, loaded.log_json)
    return loaded


if __name__ == "__main__":
    main()
