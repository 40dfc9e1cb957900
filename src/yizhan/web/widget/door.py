"""Which inbox a widget belongs to, whether its site may ask, and who the visitor is."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from yizhan.channels.webchat import WebchatSettings, origin_allowed
from yizhan.desk.live import file_address
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Signer, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, NotFound
from yizhan.records.access import NotSignedIn
from yizhan.records.inboxes import Channel, Inbox, inbox_by_key
from yizhan.records.inboxes import inbox as inbox_by_id
from yizhan.web.guards import Connection, bearer_of
from yizhan.web.services import Services
from yizhan.web.widget import passes
from yizhan.web.widget.passes import Pass


class SiteRefused(Forbidden):
    """The site is not on the inbox's list."""

    code: ClassVar[str] = "origin_refused"


class Door(msgspec.Struct, frozen=True):
    inbox: Inbox
    settings: WebchatSettings

    @property
    def name(self) -> str:
        return self.settings.title or self.inbox.name


class Guest(msgspec.Struct, frozen=True):
    """A visitor at a door. `blind` tells him apart everywhere where his id must not stand."""

    door: Door
    who: Pass
    blind: bytes

    @property
    def inbox_id(self) -> UUID:
        return self.door.inbox.id

    @property
    def default_name(self) -> str:
        word = "Visitor" if self.door.settings.locale == "en" else "访客"
        return self.who.name or f"{word} {self.blind.hex()[:4].upper()}"


class VisitorLinks:
    """Addresses at which a visitor may read the files of his own conversation."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock

    def __call__(self, identity_id: UUID, digest: str, name: str) -> str:
        token = passes.file_token(self._signer, identity_id, digest, self._clock.now())
        return file_address(digest, name, token)


async def open_door(services: Services, connection: Connection, key: str) -> Door:
    """For who stands on a page of a site."""
    door = await door_of(services, key)
    origin = connection.headers.get("origin")
    if not _own_page(services, connection, origin) and not origin_allowed(door.settings, origin):
        raise SiteRefused("this site is not on the list of the widget")
    return door


async def door_of(services: Services, key: str) -> Door:
    async with services.db.read() as tx:
        inbox = await inbox_by_key(tx, services.vault, key)
    if not inbox.enabled:
        raise NotFound("no such widget")
    return _door(inbox)


async def door_by_id(tx: Tx, vault: Vault, inbox_id: UUID) -> Door:
    return _door(await inbox_by_id(tx, vault, inbox_id))


def _door(inbox: Inbox) -> Door:
    if inbox.channel != Channel.WEBCHAT:
        raise NotFound("no such widget")
    # What else stands in an inbox's settings (a bot, say) is not the widget's.
    known = {name: value for name, value in inbox.settings.items() if name in WebchatSettings.__struct_fields__}
    return Door(inbox, msgspec.convert(known, WebchatSettings))


def known_guest(services: Services, door: Door, token: str, now: datetime) -> Guest:
    who = passes.read(services.signer, door.inbox.id, token, now)
    if who is None:
        raise NotSignedIn("open a session")
    return guest_of(services, door, who)


def guest_of(services: Services, door: Door, who: Pass) -> Guest:
    return Guest(door, who, passes.blind_of(services.vault, door.inbox.id, who))


async def bearer_guest(services: Services, connection: Connection, key: str) -> Guest:
    door = await open_door(services, connection, key)
    return known_guest(services, door, bearer_of(connection) or "", services.clock.now())


def _own_page(services: Services, connection: Connection, origin: str | None) -> bool:
    """Our own pages may always: the demo shop. A plain request of the same site names no origin."""
    host = urlsplit(origin or "").netloc
    return bool(host) and host in (connection.headers.get("host"), urlsplit(services.settings.public_url).netloc)
