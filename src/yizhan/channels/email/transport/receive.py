"""The fetch loop of one mailbox: new mail is taken, committed, then the cursor moves; IDLE or a poll wakes it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import msgspec

from yizhan.channels.email.settings import MailSecret, MailSettings, Protocol
from yizhan.channels.email.transport.failures import ErrorClass, MailServerError
from yizhan.channels.email.transport.fetched import Cursor, Fetched, Mailbox
from yizhan.channels.email.transport.imap import ImapFolder, ImapSession
from yizhan.foundation.clock import Clock
from yizhan.foundation.log import get_logger

_BACKOFF_FIRST = 2.0
_BACKOFF_MAX = 300.0
_FOR_A_HUMAN = (ErrorClass.AUTH, ErrorClass.BAD_REQUEST, ErrorClass.PERMISSION)
_P = ParamSpec("_P")
_R = TypeVar("_R")
_log = get_logger("channels.email")

SecretSource = Callable[[], Awaitable[MailSecret]]


async def receive(
    settings: MailSettings, secret: SecretSource, mailbox: Mailbox, clock: Clock, *, stopped: asyncio.Event
) -> None:
    """Runs until `stopped`; reconnects after failures.

    Raises `MailServerError` when a human should know: what waiting does not mend, or ten minutes of failures.
    """
    pause = _BACKOFF_FIRST
    while not stopped.is_set():
        try:
            await _one_connection(settings, await secret(), mailbox, clock.now(), stopped)
            pause = _BACKOFF_FIRST
        except MailServerError as failure:
            if failure.error_class in _FOR_A_HUMAN or pause >= _BACKOFF_MAX:
                raise
            _log.warning("mailbox failed", address=settings.address, error=failure.message, again_in=pause)
        await _sleep(stopped, pause)
        pause = min(_BACKOFF_MAX, pause * 2)


async def receive_once(settings: MailSettings, secret: MailSecret, mailbox: Mailbox, now: datetime) -> int:
    """One pass without waiting: the number of mails taken."""
    if settings.protocol is Protocol.POP3:
        from yizhan.channels.email.transport.pop import receive_pop

        return await receive_pop(settings, secret, mailbox)
    with _Worker() as worker:
        session = ImapSession(settings, secret)
        try:
            folder = await worker.run(session.open)
            return await _Pass(settings, session, mailbox, worker).take_first(folder, now)
        finally:
            await worker.run(session.close)


async def _one_connection(
    settings: MailSettings, secret: MailSecret, mailbox: Mailbox, now: datetime, stopped: asyncio.Event
) -> None:
    if settings.protocol is Protocol.POP3:
        await receive_once(settings, secret, mailbox, now)
        await _sleep(stopped, settings.poll_seconds)
        return
    with _Worker() as worker:
        session = ImapSession(settings, secret)
        stopping = asyncio.create_task(_interrupt(session, stopped))
        try:
            folder = await worker.run(session.open)
            reading = _Pass(settings, session, mailbox, worker)
            await reading.take_first(folder, now)
            while not stopped.is_set():
                if await worker.run(session.announced):
                    pass  # it came while others were taken
                elif await worker.run(lambda: session.can_idle):
                    await worker.run(session.wait)
                else:
                    await _sleep(stopped, settings.poll_seconds)
                if not stopped.is_set():
                    await reading.take_new(folder, now)
        except MailServerError:
            if not stopped.is_set():
                raise
        except asyncio.CancelledError:
            session.interrupt()  # its thread may be waiting in IDLE, and closing would queue behind
            raise
        finally:
            stopping.cancel()
            await worker.run(session.close)


class _Pass:
    """What is new in the folder, taken batch by batch."""

    def __init__(self, settings: MailSettings, session: ImapSession, mailbox: Mailbox, worker: "_Worker") -> None:
        self._settings = settings
        self._session = session
        self._mailbox = mailbox
        self._worker = worker

    async def take_first(self, folder: ImapFolder, now: datetime) -> int:
        """After the log-in: a folder in which nothing changed since is not searched."""
        cursor = await self._mailbox.load_cursor()
        same = cursor is not None and cursor.uidvalidity == folder.uidvalidity
        if cursor is not None and same and folder.modseq and cursor.modseq == folder.modseq:
            return 0
        taken = await self.take_new(folder, now)
        read = await self._mailbox.load_cursor()
        if folder.modseq and read is not None and read.uidvalidity == folder.uidvalidity:
            await self._mailbox.save_cursor(msgspec.structs.replace(read, modseq=folder.modseq))
        return taken

    async def take_new(self, folder: ImapFolder, now: datetime) -> int:
        cursor = await self._mailbox.load_cursor()
        if cursor is None:
            cursor = await self._first_cursor(folder, now)
        if cursor.uidvalidity != folder.uidvalidity:
            return await self._renumbered(folder)
        uids = await self._worker.run(self._session.uids_after, cursor.last_uid, folder.uidnext)
        return await self._take(uids, folder.uidvalidity)

    async def _first_cursor(self, folder: ImapFolder, now: datetime) -> Cursor:
        """A new inbox begins with the mail that comes from now on, or as far back as its settings say."""
        last = max(0, folder.uidnext - 1)
        if self._settings.history_days:
            day = (now - timedelta(days=self._settings.history_days)).date()
            first = await self._worker.run(self._session.first_uid_since, day)
            last = first - 1 if first is not None else last
        cursor = Cursor(folder.uidvalidity, last)
        await self._mailbox.save_cursor(cursor)
        return cursor

    async def _renumbered(self, folder: ImapFolder) -> int:
        """UIDVALIDITY changed: all UIDs are strangers, so mails are recognised by their Message-ID."""
        uids = await self._worker.run(self._session.uids_after, 0, folder.uidnext)
        ids = await self._worker.run(self._session.message_ids, uids)
        known = await self._mailbox.known([one for one in ids.values() if one])
        strange = [uid for uid in uids if not ids.get(uid) or ids[uid] not in known]
        taken = await self._take(strange, folder.uidvalidity)
        await self._mailbox.save_cursor(Cursor(folder.uidvalidity, max(uids, default=max(0, folder.uidnext - 1))))
        return taken

    async def _take(self, uids: Sequence[int], uidvalidity: int) -> int:
        taken = 0
        for batch in await self._worker.run(self._session.batches, uids):
            mails = await self._worker.run(self._session.fetch, batch)
            done, failure = await _commit(self._mailbox, mails)
            taken += len(done)
            if done:
                await self._mailbox.save_cursor(Cursor(uidvalidity, max(int(mail.key) for mail in done)))
                await self._worker.run(self._session.move_done, [int(mail.key) for mail in done])
            if failure is not None:
                raise failure
        return taken


async def _commit(mailbox: Mailbox, mails: Sequence[Fetched]) -> tuple[list[Fetched], BaseException | None]:
    """The mails before the first failure, and that failure: the cursor must not pass it."""
    results = await asyncio.gather(*(mailbox.take(mail) for mail in mails), return_exceptions=True)
    done: list[Fetched] = []
    for mail, result in zip(mails, results, strict=True):
        if isinstance(result, BaseException):
            return done, result
        done.append(mail)
    return done, None


class _Worker:
    """One thread of its own: a connection that waits must not take a place in the shared pool."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mail")

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=False)

    async def run(self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: call(*args, **kwargs))


async def _interrupt(session: ImapSession, stopped: asyncio.Event) -> None:
    await stopped.wait()
    session.interrupt()


async def _sleep(stopped: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopped.wait()
    except TimeoutError:
        return
