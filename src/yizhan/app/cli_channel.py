"""`yizhan channel new NAME`: a package of one's own that adds a channel, working from its first minute."""

from __future__ import annotations

import re
from pathlib import Path

import click

_TEMPLATE = Path(__file__).parent / "channel_template"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_SUFFIX = ".txt"


@click.group()
def channel() -> None:
    """Channels that come from outside packages."""


@channel.command()
@click.argument("name")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=None,
    help="Where the package is made; yizhan-NAME in the current folder when not given.",
)  # fmt: skip
def new(name: str, folder: Path | None) -> None:
    """Make a package with an adapter, samples, a stand-in of its vendor, and the contract suite, which passes."""
    from yizhan.channels import adapter_names

    if not _NAME.fullmatch(name):
        raise click.ClickException("a name is of small letters, digits and _, and begins with a letter")
    if name in adapter_names():
        raise click.ClickException(f"there is a channel {name} already")
    place = folder or Path(f"yizhan-{name.replace('_', '-')}")
    if place.exists() and any(place.iterdir()):
        raise click.ClickException(f"{place} is not empty")
    for made in make(name, place):
        click.echo(made.relative_to(place))
    click.echo(f"Now: cd {place} && pip install -e . pytest && pytest")


def make(name: str, place: Path) -> list[Path]:
    """The files, in their order."""
    made = []
    for source in sorted(_TEMPLATE.rglob(f"*{_SUFFIX}")):
        target = place / named(source.relative_to(_TEMPLATE).as_posix().removesuffix(_SUFFIX), name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(named(source.read_text("utf-8"), name), "utf-8")
        made.append(target)
    return made


def named(text: str, name: str) -> str:
    """The template speaks of a vendor called Acme."""
    title = "".join(part.capitalize() for part in name.split("_"))
    return text.replace("yizhan-acme", f"yizhan-{name.replace('_', '-')}").replace("acme", name).replace("Acme", title)
