"""The mailroom: what arrives in an e-mail inbox by IMAP, POP3 or the spool goes through one door into intake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from yizhan.app.mailroom_keys import MailKeys
from yizhan.app.mailroom_taking import Taking
from yizhan.app.parsing import Parser
from yizhan.channels.email import (
    Cursor,
    Dns,
    Fetched,
    MailSender,
    MailServerError,
    MailSettings,
    Spool,
    Spooled,
    drain,
    receive,
    reference_hash,
)
from yizhan.desk.outbound import ErrorClass, Sender
from yizhan.foundation.db import DATABASE_TROUBLE
from yizhan.foundation.errors import DomainError
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.records import inboxes, outbox
from yizhan.records.inboxes import Inbox

if TYPE_CHECKING:
    from yizhan.app.house import House

log = get_logger(__name__)

Loop = Callable[[asyncio.Event], Coroutine[Any, Any, None]]

CURSOR = "mail"
STATE = "mail.state"
_AT_ONCE = 8  # mails in memory
_MOST_MAIL_BYTES = 50 * 1024 * 1024  # what the blob store takes
_TROUBLE_SECONDS = 5.0
_REFUSED_SECONDS = 300.0  # wrong password: asking more often only locks the account
_SPOOL_SECONDS = 1.0
_SPOOL_BUSY_SECONDS = 0.05


class State(msgspec.Struct, frozen=True):
    """How the inbox's server last answered, kept for the administrator."""

    ok: bool
    error_class: str = ""
    detail: str = ""
    at: str = ""
    steps: tuple[str, ...] = ()  # what whoever keeps the inbox may do


class Mailroom:
    """The receiving side of one inbox. `take` returns after the commit, so a cursor behind it loses nothing."""

    def __init__(
        self, house: House, inbox: Inbox, settings: MailSettings, parser: Parser, keys: MailKeys, taking: Taking
    ) -> None:  # fmt: skip
        self._house = house
        self._inbox = inbox
        self._settings = settings
        self._parser = parser
        self._taking = taking
        self._keys = keys
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._lease = Lease(house.db, f"mail:{inbox.id}", house.holder)
        self._ok: bool | None = None

    # what arrives ---------------------------------------------------------------------------------------------------

    async def take(self, mail: Fetched) -> None:
        async with self._room:
            parsed = await self._parser.parse(mail.raw, truncated=mail.truncated)
            await self._taking.accept(parsed, mail.arrived)

    async def take_spooled(self, mail: Spooled) -> None:
        """How many are in memory is bounded by who drains the spool."""
        parsed = await self._parser.parse(mail.raw)
        await self._taking.accept(parsed, None, imported=mail.imported)

    # where we are ---------------------------------------------------------------------------------------------------

    async def load_cursor(self) -> Cursor | None:
        """Asked after each log-in: the server is willing."""
        await self._tell(State(True))
        async with self._house.db.read() as tx:
            saved = await inboxes.cursor(tx, self._inbox.id, CURSOR)
        return None if saved is None else msgspec.convert(saved, Cursor)

    async def save_cursor(self, cursor: Cursor) -> None:
        async with self._house.db.transaction() as tx:
            await self._lease.check(tx)
            await inboxes.save_cursor(tx, self._inbox.id, CURSOR, cursor)

    async def known(self, message_ids: Sequence[str]) -> Collection[str]:
        hashes = {reference_hash(one): one for one in message_ids}
        async with self._house.db.read() as tx:
            found = await outbox.known_references(tx, self._inbox.id, list(hashes))
        return {hashes[one] for one in found}

    # loops ----------------------------------------------------------------------------------------------------------

    async def receive(self, stopped: asyncio.Event) -> None:
        """Until `stopped`: whatever fails is told and tried again."""
        async with self._lease:
            while not stopped.is_set():
                try:
                    await _first(self._lease.acquired(), stopped)
                    if not stopped.is_set():
                        await receive(self._settings, self._keys, self, self._house.clock, stopped=stopped)
                    pause = 0.0
                except MailServerError as failure:
                    await self._failed(failure)
                    pause = _REFUSED_SECONDS
                except LeaseLost:
                    log.warning("mail.lease_lost", inbox=self._inbox.key)
                    pause = 1.0
                except (*DATABASE_TROUBLE, DomainError) as error:
                    log.error("mail.receive_failed", inbox=self._inbox.key, error=repr(error))
                    pause = _TROUBLE_SECONDS
                await wait_for_stop(stopped, pause)

    async def watch_spool(self, spool: Spool, stopped: asyncio.Event) -> None:
        while not stopped.is_set():
            pause = _SPOOL_SECONDS
            try:
                if await drain(spool, self.take_spooled):
                    pause = _SPOOL_BUSY_SECONDS  # where one came, others come
            except (*DATABASE_TROUBLE, DomainError) as error:
                log.error("mail.spool_failed", inbox=self._inbox.key, error=repr(error))
                pause = _TROUBLE_SECONDS
            await wait_for_stop(stopped, pause)

    async def _failed(self, failure: MailServerError) -> None:
        if failure.error_class.value == ErrorClass.AUTH.value:
            self._keys.refused()
        log.error("mail.refused", inbox=self._inbox.key, error_class=str(failure.error_class))
        try:
            await self._tell(_trouble(failure))
        except DATABASE_TROUBLE as error:
            log.error("mail.not_told", inbox=self._inbox.key, error=repr(error))

    async def _tell(self, state: State) -> None:
        """Once at every change of mind of the server: kept beside the cursor, and an event."""
        if self._ok is state.ok:
            return
        now = self._house.clock.now()
        async with self._house.db.transaction() as tx:
            before = await inboxes.cursor(tx, self._inbox.id, STATE)
            await inboxes.save_cursor(tx, self._inbox.id, STATE, msgspec.structs.replace(state, at=now.isoformat()))
            was_ok = before is None or msgspec.convert(before, State).ok
            if was_ok is not state.ok:
                await emit(tx, [Event(
                    kind="inbox.reached" if state.ok else "inbox.failed", subject=self._inbox.id,
                    subject_version=self._inbox.version, at=now, actor="system", brand_id=self._inbox.brand_id,
                    team_id=self._inbox.team_id, data={"error_class": state.error_class},
                )])  # fmt: skip
        self._ok = state.ok


async def open_mailroom(house: House, inbox: Inbox, parser: Parser, dns: Dns) -> tuple[Sender, list[Loop]]:
    """The sender of an inbox and the loops that receive. Raises what is wrong with its settings."""
    settings = msgspec.convert(inbox.settings, MailSettings)
    settings = msgspec.structs.replace(settings, max_bytes=min(settings.max_bytes, _MOST_MAIL_BYTES))
    keys = MailKeys(house, inbox, settings)
    taking = Taking(house, inbox, settings, parser, dns)
    room = Mailroom(house, inbox, settings, parser, keys, taking)
    spool = Spool(house.settings.spool, inbox.key)
    await asyncio.to_thread(spool.open, inbox.name)
    loops: list[Loop] = [lambda stopped: room.watch_spool(spool, stopped)]
    if settings.incoming is not None:
        loops.append(room.receive)
    return MailSender(settings, keys, house.signer, house.blobs, house.settings.public_url), loops


def _trouble(failure: MailServerError) -> State:
    code, words = str(failure.error_class), failure.message[:500]
    shown = outbox.failure_of("failed", f"{code}: {words}")
    return State(False, code, words, steps=tuple(str(one) for one in shown.steps) if shown else ())


async def wait_for_stop(stopped: asyncio.Event, seconds: float) -> None:
    """At most `seconds`, of which there may be none."""
    if seconds <= 0:
        return
    try:
        async with asyncio.timeout(seconds):
            await stopped.wait()
    except TimeoutError:
        return


async def _first(waited: Coroutine[Any, Any, object], stopped: asyncio.Event) -> None:
    """Until `waited` is done or the stop comes."""
    tasks: set[asyncio.Task[object]] = {asyncio.create_task(waited), asyncio.create_task(stopped.wait())}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
