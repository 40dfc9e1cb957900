"""The hook of every channel that is an adapter: heard, made durable, then answered as the vendor wants it."""

from __future__ import annotations

from yizhan.desk.channels import Reply, Request
from yizhan.foundation.errors import NotFound
from yizhan.web.hooks.delivery import Delivery
from yizhan.web.services import Services


async def take_channel(services: Services, channel: str, brought: Delivery) -> Reply:
    """Raises NotFound where the inbox is of another channel, and what the adapter raises for a stranger."""
    house = services.channels
    door = await services.hooks.find(services.db, services.vault, brought.key, house)
    if house is None or door.account is None or door.adapter is None or door.account.channel != channel:
        raise NotFound("no such hook")
    assert door.adapter.hear is not None
    heard = door.adapter.hear(door.account, _request(brought), brought.now)
    if heard.happenings:
        await house.taking.take(door.account, heard.happenings, brought.now)
    return heard.reply


def _request(brought: Delivery) -> Request:
    scope = brought.scope
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    peer = scope.get("client")
    return Request(
        method=scope["method"], query=scope["query_string"].decode("latin-1"), headers=headers, body=brought.body,
        peer=peer[0] if peer else "",
    )  # fmt: skip
