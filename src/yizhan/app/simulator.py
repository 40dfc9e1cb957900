"""The simulated vendors beside a running product: each channel gets an inbox that speaks to its stand-in."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

import click
import httpx
import msgspec

from yizhan.app import ending
from yizhan.app.ending import Ending
from yizhan.app.listening import WebServer, begin, open_socket
from yizhan.app.settings import Settings
from yizhan.channels import adapter
from yizhan.desk.channels import NUDGED, stand
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx, migrate, open_database, start_server
from yizhan.foundation.errors import DomainError, Invalid, NotFound
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.log import get_logger
from yizhan.records import agents, inboxes
from yizhan.records.inboxes import Channel, Inbox, InboxChange, NewInbox
from yizhan.simulator import VENDORS, Door, Stage, Vendor, vendor_class

log = get_logger(__name__)

PREFIX = "sim-"
_BY = "system"
_MARK = "模拟"


class Unusable(Exception):  # noqa: N818 - a sentence for whoever starts it
    """Why the simulator cannot be used here."""


def run_simulator(settings: Settings, product: str | None) -> None:
    """Blocks until SIGINT or SIGTERM."""
    door = open_socket("127.0.0.1", settings.simulator_port)
    with start_server(settings.data_dir, database_url=settings.database_url) as server:
        ending.run(lambda end: _serve(settings, server.dsn, product, door, end))


async def _serve(settings: Settings, dsn: str, product: str | None, door: socket.socket, end: Ending) -> None:
    at = (product or f"http://127.0.0.1:{settings.port}").rstrip("/")
    stage = set_up(door.getsockname()[1], at)
    await migrate(dsn)
    db = await open_database(dsn, min_size=1, max_size=2)
    try:
        await stage.open()
        await open_inboxes(db, Vault(settings.keys), stage, SystemClock().now())
        for vendor in stage.vendors.values():
            vendor.untold = partial(_ask_now, db, Vault(settings.keys))
        begin(door)
        server = WebServer(stage, door)
        await _tell(settings, stage, at)
        with end.by(server.stop):
            await server.run_until_stopped()
    finally:
        await _close_mailbox(db, Vault(settings.keys))
        await stage.close()
        await db.close()


def set_up(port: int, product: str) -> Stage:
    """All vendors there are, behind one port, calling back to the product."""
    stage = Stage({name: vendor_class(name)() for name in VENDORS}, port)
    stage.product = product
    for vendor in stage.vendors.values():
        for door in vendor.doors:
            vendor.callbacks[door.channel] = f"{product}/hooks/{door.channel}/{PREFIX}{door.channel}"
    return stage


async def open_inboxes(db: Database, vault: Vault, stage: Stage, now: datetime) -> list[str]:
    """The channels that can be tried. Raises Unusable in a house without a business line.

    What was there is put right again: the addresses, and secrets as the vendors have just made them.
    """
    opened = []
    async with db.transaction() as tx:
        known = {each.key: each for each in await inboxes.inboxes(tx, vault)}
        brand_id, team_id = await _place(tx, list(known.values()))
        for vendor in stage.vendors.values():
            for door in vendor.doors:
                try:
                    async with tx.transaction():
                        await _open(tx, vault, vendor, door, known, (brand_id, team_id), now)
                    opened.append(door.channel)
                except DomainError as refused:
                    stage.missing[door.channel] = refused.message
                    log.warning("simulator.not_opened", channel=door.channel, error=refused.message)
    return opened


async def _open(
    tx: Tx, vault: Vault, vendor: Vendor, door: Door, known: Mapping[str, Inbox], place: tuple[UUID, UUID | None],
    now: datetime,
) -> None:  # fmt: skip
    found = adapter(door.channel)
    if found is None and door.channel != Channel.EMAIL:
        raise NotFound(f"no channel {door.channel}")
    settings, secrets = vendor.settings(door.channel), vendor.secrets(door.channel)
    key = f"{PREFIX}{door.channel}"
    before = known.get(key)
    if before is None:
        name = f"{door.title.zh}({_MARK})"
        new = NewInbox(channel=door.channel, name=name, brand_id=place[0], team_id=place[1], settings=settings,
                       secrets=secrets, key=key)  # fmt: skip
        inbox_id = await inboxes.create_inbox(tx, vault, new, now, _BY)
    else:
        inbox_id = before.id
        change = InboxChange(settings=settings, secrets=secrets, enabled=True)
        await inboxes.change_inbox(tx, vault, inbox_id, before.version, change, now, _BY)
    if found is None:  # mail has a door of its own, which reads its settings when it opens
        return
    try:
        await stand(tx, found, inbox_id, msgspec.convert(settings, found.settings))
    except msgspec.ValidationError as wrong:
        raise Invalid(str(wrong), "settings") from None


async def _place(tx: Tx, known: list[Inbox]) -> tuple[UUID, UUID | None]:
    """Beside the web chat, where somebody serves; else in the first business line."""
    chat = next((each for each in known if each.channel == Channel.WEBCHAT and each.enabled), None)
    if chat is not None:
        return chat.brand_id, chat.team_id
    brands = await agents.brands(tx)
    if not brands:
        raise Unusable("this house is empty: start `yizhan serve --demo` on this data folder first")
    return brands[0].id, None


async def _ask_now(db: Database, vault: Vault, channel: str) -> None:
    """Who tries a channel that is asked every few minutes does not wait for so long."""
    now = SystemClock().now()
    async with db.transaction() as tx:
        inbox = await inboxes.inbox_by_key(tx, vault, f"{PREFIX}{channel}")
        await emit(tx, [Event(
            kind=NUDGED, subject=inbox.id, subject_version=1, at=now, actor=_BY, data={"token": ""},
        )])  # fmt: skip


async def _close_mailbox(db: Database, vault: Vault) -> None:
    """Its server ends with us: the product shall not knock for ever and call that a fault."""
    now = SystemClock().now()
    async with db.transaction() as tx:
        with suppress(NotFound):
            inbox = await inboxes.inbox_by_key(tx, vault, f"{PREFIX}{Channel.EMAIL}")
            await inboxes.change_inbox(tx, vault, inbox.id, inbox.version, InboxChange(enabled=False), now, _BY)


async def _tell(settings: Settings, stage: Stage, product: str) -> None:
    click.echo(f"渠道模拟 simulator  http://{settings.simulator}")
    click.echo(f"  工作台 workbench  {product}  ({await _is_there(product)})")
    names = ", ".join(door.channel for vendor in stage.vendors.values() for door in vendor.doors)
    click.echo(f"  渠道 channels: {names}")
    for channel, why in stage.missing.items():
        click.echo(f"  - {channel}: {why}")
    if not settings.demo and settings.simulator not in settings.allow_hosts:
        click.echo(f"  Not `serve --demo`? Then replies come through only with YIZHAN_ALLOW_HOSTS={settings.simulator}")


async def _is_there(product: str) -> str:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=3) as client:
            answer = await client.get(f"{product}/healthz")
        return "running" if answer.status_code == 200 else f"HTTP {answer.status_code}"
    except httpx.HTTPError:
        return "not running: start `yizhan serve --demo`"
