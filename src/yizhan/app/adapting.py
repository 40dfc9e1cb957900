"""What adapters are given by the house: a line for each inbox, one token service, one way in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from yizhan.channels import adapter, adapter_names
from yizhan.desk import verification
from yizhan.desk.channels import (
    OWN,
    Account,
    Adapter,
    Capabilities,
    Enricher,
    Fetched,
    Granted,
    HearWords,
    Line,
    Media,
    MediaFetcher,
    MediaGone,
    Puller,
    Taking,
    Texting,
    Tokens,
    Writing,
)
from yizhan.desk.intake import Attachment, Intake
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.foundation.http import Http
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.lease import Lease
from yizhan.foundation.tokens import Renew
from yizhan.records import inboxes
from yizhan.records.inboxes import Inbox
from yizhan.web.files import kind_of

if TYPE_CHECKING:
    from yizhan.app.house import House


_BELIEVED = timedelta(seconds=5)
Ends = Callable[[Account, datetime], Awaitable[None]]
"""Told that an authorisation cannot be renewed any more and ends then."""


class InboxLine:
    """What the adapter of one inbox calls its vendor with."""

    def __init__(
        self,
        account: Account,
        http: Http,
        clock: Clock,
        tokens: Tokens,
        load: Callable[[str], Awaitable[bytes]],
        ends: Ends,
    ) -> None:
        self.account = account
        self.http = http
        self.clock = clock
        self._tokens = tokens
        self._load = load
        self._ends = ends

    async def load(self, hash: str) -> bytes:
        return await self._load(hash)

    async def token(self, name: str, ask: Callable[[], Awaitable[Granted]]) -> str:
        if not self.account.inbox_id.int:  # settings that are tried before they are saved
            return (await ask()).token
        return await self._tokens.token(self.account.inbox_id, name, ask)

    async def lasting(self, first: str, renew: Renew) -> str:
        if not self.account.inbox_id.int:
            return first
        token, until = await self._tokens.lasting(first, renew)
        if until is not None:
            await self._ends(self.account, until)
        return token

    async def refused(self, name: str, token: str) -> None:
        if self.account.inbox_id.int:
            await self._tokens.refused(self.account.inbox_id, name, token)


def account_of(found: Adapter, inbox: Inbox, secrets: Mapping[str, str]) -> Account:
    """Raises Invalid where the settings are not what the channel takes (any more)."""
    try:
        settings = msgspec.convert(inbox.settings, found.settings)
        known = msgspec.convert(dict(secrets), found.secrets)
    except msgspec.ValidationError as wrong:
        raise Invalid(str(wrong), "settings") from None
    return Account(
        inbox_id=inbox.id, key=inbox.key, channel=inbox.channel, settings=settings, secrets=known, unsaid=found.unsaid
    )


class Adapting:
    """One for each process. `hear_words` is told the words of every new message."""

    def __init__(
        self, db: Database, vault: Vault, clock: Clock, blobs: Blobs, http: Http, intake: Intake, *, holder: str,
        hear_words: HearWords,
    ) -> None:  # fmt: skip
        self._db = db
        self._vault = vault
        self._clock = clock
        self._blobs = blobs
        self._http = http
        self._holder = holder
        self._can: dict[UUID, tuple[datetime, Capabilities | None]] = {}
        self.tokens = Tokens(db, vault, clock)
        self.texting = Texting(db, vault, clock, adapter, self.line)
        self.writing = Writing(db, vault, clock, adapter, self._line_to)
        self.taking = Taking(db, vault, clock, intake, self.keep, self._keep_raw, hear_words)

    def find(self, channel: str) -> Adapter | None:
        return adapter(channel)

    def names(self) -> list[str]:
        return adapter_names()

    def account(self, found: Adapter, inbox: Inbox, secrets: Mapping[str, str]) -> Account:
        return account_of(found, inbox, secrets)

    async def can(self, tx: Tx, inbox_id: UUID) -> Capabilities | None:
        """Asked for whenever a reply is written or shown, so what was read lately is believed for a moment."""
        now = self._clock.now()
        until, known = self._can.get(inbox_id, (now, None))
        if now < until:
            return known
        inbox = await inboxes.inbox(tx, self._vault, inbox_id)
        found = adapter(inbox.channel)
        known = found.capabilities(msgspec.convert(inbox.settings, found.settings)) if found is not None else None
        known = known or OWN.get(inbox.channel)
        self._can[inbox_id] = now + _BELIEVED, known
        return known

    async def keep(self, content: bytes, name: str, claimed: str) -> Attachment:
        """The type is the content's own, never what the vendor says."""
        if not content:
            raise Invalid("the file is empty", "file")
        kind = kind_of(content, name)
        ref = await self._blobs.put(content, kind)
        return Attachment(hash=ref.hash, name=name or "file", type=kind, size=ref.size)

    async def _keep_raw(self, raw: bytes) -> str:
        return (await self._blobs.put(raw, "application/octet-stream")).hash

    async def line(self, inbox: Inbox) -> InboxLine:
        """Raises NotFound for a channel nobody offers, and Invalid for settings it does not take."""
        found = adapter(inbox.channel)
        if found is None:
            raise NotFound(f"no channel {inbox.channel}")
        async with self._db.read() as tx:
            secrets = await inboxes.secrets_of(tx, self._vault, inbox.id)
        return self.line_of(account_of(found, inbox, secrets))

    async def _line_to(self, inbox_id: UUID) -> InboxLine:
        async with self._db.read() as tx:
            inbox = await inboxes.inbox(tx, self._vault, inbox_id)
        return await self.line(inbox)

    def line_of(self, account: Account) -> InboxLine:
        return InboxLine(account, self._http, self._clock, self.tokens, self._blobs.get, self._ends)

    async def _ends(self, account: Account, until: datetime) -> None:
        async with self._db.transaction() as tx:
            await emit(tx, [Event(
                kind="inbox.authorisation_ends", subject=account.inbox_id, subject_version=1, at=self._clock.now(),
                actor="system", data={"inbox": account.inbox_id, "name": account.key, "until": until},
            )])  # fmt: skip

    def puller(self, found: Adapter, line: Line) -> Puller:
        lease = Lease(self._db, f"pull:{line.account.inbox_id}", self._holder)
        return Puller(self._db, found, line, self.taking, lease)

    def enricher(self, found: Adapter, line: Line) -> Enricher:
        lease = Lease(self._db, f"enrich:{line.account.inbox_id}", self._holder)
        return Enricher(self._db, self._vault, found, line, lease)

    def fetcher(self) -> MediaFetcher:
        lease = Lease(self._db, "media", self._holder)
        return MediaFetcher(self._db, self._vault, self._clock, lease, self._fetch, self.keep)

    async def _fetch(self, inbox_id: UUID, media: Media) -> Fetched:
        async with self._db.read() as tx:
            inbox = await inboxes.inbox(tx, self._vault, inbox_id)
        found = adapter(inbox.channel)
        if found is None or found.fetch is None:
            raise MediaGone(f"the channel {inbox.channel} fetches nothing")
        return await found.fetch(await self.line(inbox), dict(media.ref))


def open_adapting(house: House) -> Adapting:
    async def hear_words(conversation_id: UUID, text: str, now: datetime) -> None:
        code = verification.looks_like_code(text)
        if code is not None:
            async with house.db.transaction() as tx:
                await verification.hear_code(
                    tx, house.vault, conversation_id, code, house.rules.verification, now=now
                )  # fmt: skip

    return Adapting(
        house.db, house.vault, house.clock, house.blobs, house.http, house.intake, holder=house.holder,
        hear_words=hear_words,
    )  # fmt: skip
