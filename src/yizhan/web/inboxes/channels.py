"""The channels an inbox can be of, as the wizard asks for them."""

from __future__ import annotations

import msgspec
from litestar import get

from yizhan.desk.channels import Adapter, FormField, Words
from yizhan.records.agents import Permission
from yizhan.web.given import GivenServices
from yizhan.web.guards import permits


class ChannelText(msgspec.Struct, frozen=True):
    zh: str
    en: str


class ChannelChoice(msgspec.Struct, frozen=True):
    value: str
    label: ChannelText


class ChannelField(msgspec.Struct, frozen=True):
    """One thing the wizard asks for: a field of the settings, or with `secret` a secret of the inbox. `kind` is text,
    long, number, switch, choice or list; `usual` is what counts where nothing is said, as it would be typed."""

    key: str
    label: ChannelText
    help: ChannelText
    secret: bool
    required: bool
    kind: str
    choices: list[ChannelChoice]
    advanced: bool
    usual: str


class ChannelRow(msgspec.Struct, frozen=True):
    """`callback` is the public address that is entered at the vendor's, `{key}` the inbox's; null where nothing calls
    us. `off`: why it ships switched off."""

    name: str
    title: ChannelText
    mark: str
    live: bool
    form: list[ChannelField]
    steps: list[ChannelText]
    callback: str | None
    checks: bool
    off: ChannelText | None


class ChannelList(msgspec.Struct, frozen=True):
    items: list[ChannelRow]


_DOORS = frozenset({"generic"})
"""Called at a door of their own: many messages a request."""


@get("/channels", guards=[permits(Permission.INBOX_MANAGE)])
async def list_channels(services: GivenServices) -> ChannelList:
    house = services.channels
    found = [house.find(name) for name in house.names()] if house is not None else []
    at = services.settings.public_url
    return ChannelList([channel_row(each, at) for each in found if each is not None])


def channel_row(of: Adapter, public_url: str) -> ChannelRow:
    usual = _usual(of.settings)
    form = [_field(each, "" if each.secret else usual.get(each.key, "")) for each in of.form]
    called = of.hear is not None or of.name in _DOORS
    return ChannelRow(
        of.name, _text(of.title), of.mark, of.live, form,
        [_text(each.text) for each in of.steps], f"{public_url}/hooks/{of.name}/{{key}}" if called else None,
        of.check is not None, _text(of.off) if of.off is not None else None,
    )  # fmt: skip


def _field(of: FormField, usual: str) -> ChannelField:
    choices = [ChannelChoice(value, _text(label)) for value, label in of.choices]
    return ChannelField(
        of.key, _text(of.label), _text(of.help), of.secret, of.required, of.kind, choices, of.advanced, usual
    )  # fmt: skip


def _usual(kind: type[msgspec.Struct]) -> dict[str, str]:
    """The defaults of settings, as they would be typed."""
    return {each.name: _typed(each.default) for each in msgspec.structs.fields(kind)}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    return str(value) if isinstance(value, str | int | float) else ""


def _text(of: Words) -> ChannelText:
    return ChannelText(of.zh, of.en)
