"""The loops of all inboxes: each has its receivers and its sender, started and ended as inboxes are changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from yizhan.desk.channels import MEDIA_KINDS, NUDGED, Enricher, Line, Puller, stand
from yizhan.desk.outbound import Dispatcher, Sender, SocketDelivery
from yizhan.foundation.db import DATABASE_TROUBLE
from yizhan.foundation.errors import DomainError, Invalid, NotFound
from yizhan.foundation.journal import Entry, Wake
from yizhan.foundation.lease import Lease
from yizhan.foundation.log import get_logger
from yizhan.records import inboxes, outbox
from yizhan.records.inboxes import Channel, Inbox

if TYPE_CHECKING:
    from yizhan.app.house import House
    from yizhan.app.parsing import Parser
    from yizhan.channels.email import Dns

log = get_logger(__name__)

_NET_SECONDS = 60.0
_STOP_SECONDS = 10.0
_CANCEL_SECONDS = 2.0  # a thread that still blocks ends with its socket's time-out; nothing waits for it
_RESTART_SECONDS = 5.0
_TEND_SECONDS = 6 * 3_600.0

Loop = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class Running:
    """The loops of one inbox as it was when they were started."""

    def __init__(self, inbox: Inbox, dispatcher: Dispatcher | None, loops: Sequence[Loop]) -> None:
        self.inbox = inbox
        self.dispatcher = dispatcher
        self._stopped = asyncio.Event()
        self._tasks = [asyncio.create_task(_kept_alive(inbox, loop, self._stopped)) for loop in loops]
        if dispatcher is not None:
            self._tasks.append(asyncio.create_task(_sending(inbox, dispatcher, self._stopped)))

    async def stop(self) -> None:
        """First by asking: a receiver that is cut off in IDLE would hold its thread for minutes."""
        self._stopped.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=_CANCEL_SECONDS)


class ChannelLoops:
    """Follows the inboxes by their events; also tells intake that they changed."""

    def __init__(self, house: House) -> None:
        self.wake = Wake()
        self._house = house
        self._parser: Parser | None = None
        self._dns: Dns | None = None
        self._running: dict[UUID, Running] = {}
        self._pullers: dict[UUID, Puller] = {}
        self._enrichers: dict[UUID, Enricher] = {}
        self._sockets = SocketDelivery(house.db, house.clock, Channel.WEBCHAT)
        self._media = house.the_adapting.fetcher()
        house.feed.listen(self.hear)

    async def hear(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind in ("inbox.created", "inbox.changed"):
                self.wake.ring()
            elif entry.kind in ("message.sent", "message.retried"):
                self._ring(str(entry.data.get("inbox", "")))
            elif entry.kind == NUDGED:
                puller = self._pullers.get(entry.subject)
                if puller is not None:
                    puller.nudge(str(entry.data.get("token", "")))
            elif entry.kind in ("contact.created", "contact.acted"):
                self._newcomer(entry)
            elif entry.kind == "message.received" and entry.data.get("kind") in MEDIA_KINDS:
                self._media.wake.ring()

    def _newcomer(self, entry: Entry) -> None:
        for inbox_id, each in self._enrichers.items():
            if entry.data.get("channel") == each.channel or entry.data.get("inbox") == str(inbox_id):
                each.wake.ring()

    def _ring(self, inbox_id: str) -> None:
        running = self._running.get(UUID(inbox_id)) if inbox_id else None
        if running is not None and running.dispatcher is not None:
            running.dispatcher.wake.ring()
        else:
            self._sockets.wake.ring()

    async def run(self) -> None:
        sockets = [asyncio.create_task(each) for each in (self._sockets.run(), self._media.run())]
        try:
            while True:
                try:
                    await self.reload()
                except DATABASE_TROUBLE as error:
                    log.error("channels.reload_failed", error=repr(error))
                await self.wake.wait(_NET_SECONDS)
        finally:
            for task in sockets:
                task.cancel()
            await asyncio.gather(*(one.stop() for one in self._running.values()), return_exceptions=True)
            if self._parser is not None:
                await self._parser.close()

    async def reload(self) -> None:
        """Brings the loops in line with the inboxes; what did not change is left alone."""
        await self._house.intake.load_inboxes()
        async with self._house.db.read() as tx:
            found = {one.id: one for one in await inboxes.inboxes(tx, self._house.vault) if one.enabled}
        stale = [r for id_, r in self._running.items() if id_ not in found or found[id_].version != r.inbox.version]
        await asyncio.gather(*(one.stop() for one in stale))
        for one in stale:
            del self._running[one.inbox.id]
            self._pullers.pop(one.inbox.id, None)
            self._enrichers.pop(one.inbox.id, None)
            async with self._house.db.transaction() as tx:
                await outbox.hasten(tx, one.inbox.id, self._house.clock.now())
        for inbox in found.values():
            if inbox.id not in self._running:
                self._running[inbox.id] = await self._start(inbox)

    async def _start(self, inbox: Inbox) -> Running:
        try:
            sender, loops = await self._parts(inbox)
        except (msgspec.ValidationError, Invalid, NotFound, OSError) as wrong:
            log.error("channels.not_started", inbox=inbox.key, error=str(wrong))
            return Running(inbox, None, [])
        if sender is None:
            return Running(inbox, None, loops)
        house = self._house
        lease = Lease(house.db, f"outbound:{inbox.id}", house.holder)
        return Running(inbox, Dispatcher(house.db, house.clock, house.vault, inbox.id, sender, lease), loops)

    async def _parts(self, inbox: Inbox) -> tuple[Sender | None, list[Loop]]:
        if inbox.channel == Channel.EMAIL:
            # IMAP, SMTP and MIME: only for who has a mailbox
            from yizhan.app.mailroom import open_mailroom
            from yizhan.app.parsing import Parser
            from yizhan.channels.email import SystemDns

            self._parser = self._parser or Parser()
            self._dns = self._dns or SystemDns(self._house.settings.dns_servers)
            return await open_mailroom(self._house, inbox, self._parser, self._dns)
        if inbox.channel == Channel.WEBCHAT:
            return None, []
        return await self._adapted(inbox)

    async def _adapted(self, inbox: Inbox) -> tuple[Sender | None, list[Loop]]:
        house, adapting = self._house, self._house.the_adapting
        found = adapting.find(inbox.channel)
        if found is None:
            raise Invalid(f"no package offers the channel {inbox.channel}")
        line = await adapting.line(inbox)
        async with house.db.transaction() as tx:
            await stand(tx, found, inbox.id, line.account.settings)
        loops: list[Loop] = []
        if found.pull is not None:
            puller = self._pullers[inbox.id] = adapting.puller(found, line)
            loops.append(puller.run)
        if found.enrich is not None:
            enricher = self._enrichers[inbox.id] = adapting.enricher(found, line)
            loops.append(enricher.run)
        if found.tend is not None:
            loops.append(self._tending(found.tend, line))
        return found.sender(line) if found.sender is not None else None, loops

    def _tending(self, tend: Callable[[Line], Awaitable[None]], line: Line) -> Loop:
        async def run(stopped: asyncio.Event) -> None:
            key = line.account.key
            async with Lease(self._house.db, f"tend:{line.account.inbox_id}", self._house.holder) as lease:
                while not stopped.is_set():
                    await lease.acquired()
                    try:
                        await tend(line)
                    except DomainError as wrong:
                        log.warning("channels.not_tended", inbox=key, error=wrong.message)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stopped.wait(), _TEND_SECONDS)

        return run


async def _kept_alive(inbox: Inbox, loop: Loop, stopped: asyncio.Event) -> None:
    """A fault of ours in one inbox must not end the others; it is logged and the loop begins again."""
    while not stopped.is_set():
        try:
            await loop(stopped)
        except Exception as error:
            log.error("channels.loop_broke", inbox=inbox.key, error=repr(error))
            await asyncio.sleep(_RESTART_SECONDS)


async def _sending(inbox: Inbox, dispatcher: Dispatcher, stopped: asyncio.Event) -> None:
    async def send(_: asyncio.Event) -> None:
        await dispatcher.run()

    task = asyncio.create_task(_kept_alive(inbox, send, stopped))
    await stopped.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
