"""The channels an inbox can be of, as the wizard asks for them."""

from __future__ import annotations

import msgspec
from litestar import get

from yizhan.desk.channels import Adapter, FormField, SetupStep, Words
from yizhan.records.agents import Permission
from yizhan.web.given import GivenServices
from yizhan.web.guards import permits


class ChannelRow(msgspec.Struct, frozen=True):
    """`callback` is the path below the public address that is entered at the vendor's, `{key}` the inbox's; null where
    nothing calls us. `off`: why it ships switched off."""

    name: str
    title: Words
    mark: str
    live: bool
    form: list[FormField]
    steps: list[SetupStep]
    callback: str | None
    checks: bool
    off: Words | None


class ChannelList(msgspec.Struct, frozen=True):
    items: list[ChannelRow]


@get("/channels", guards=[permits(Permission.INBOX_MANAGE)])
async def list_channels(services: GivenServices) -> ChannelList:
    house = services.channels
    found = [house.find(name) for name in house.names()] if house is not None else []
    return ChannelList([channel_row(each) for each in found if each is not None])


def channel_row(of: Adapter) -> ChannelRow:
    return ChannelRow(
        of.name, of.title, of.mark, of.live, list(of.form), list(of.steps),
        f"/hooks/{of.name}/{{key}}" if of.hear is not None else None, of.check is not None, of.off,
    )  # fmt: skip
