"""Several processes on one database: one connection listens, and one statement sends all that gathered meanwhile."""

import asyncio
import secrets
from collections import deque
from contextlib import suppress

from yizhan.foundation.bus.delivery import Delivery, Receive, Unsubscribe, check
from yizhan.foundation.bus.wire import Packer, unpack
from yizhan.foundation.db import Database, InterfaceError, PostgresError, Tx, load_queries
from yizhan.foundation.log import get_logger

log = get_logger(__name__)
SQL = load_queries(__package__)

_CHANNEL = "yizhan_bus"
_OUTGOING = 10_000
_PING_SECONDS = 30.0
_RETRY_SECONDS = (0.1, 0.5, 1.0, 5.0)
_UNREACHABLE = (PostgresError, InterfaceError, OSError)


class PostgresBus:
    """While the database is away signals go no further than this process, and what it cannot hold is lost."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._delivery = Delivery()
        self._packer = Packer(secrets.token_hex(8))
        self._outgoing: deque[tuple[str, bytes]] = deque(maxlen=_OUTGOING)
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Returns when it listens: what others publish from now on arrives."""
        listening = await self._listen()
        self._tasks = [
            asyncio.create_task(self._keep_listening(*listening), name="bus listen"),
            asyncio.create_task(self._keep_sending(), name="bus send"),
        ]

    async def publish(self, topic: str, payload: bytes) -> None:
        check(topic, payload)
        self._delivery.deliver(topic, payload)
        self._outgoing.append((topic, payload))
        self._something.set()

    def subscribe(self, topic: str, receive: Receive) -> Unsubscribe:
        return self._delivery.subscribe(topic, receive)

    async def close(self) -> None:
        """Sends what was published before."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tasks and self._outgoing:
            await self._send()
        self._tasks = []
        await self._delivery.close()

    async def _keep_sending(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            if not await self._send():
                await asyncio.sleep(_RETRY_SECONDS[-1])

    async def _send(self) -> bool:
        """Sends all that waits. What fails is dropped: a late signal is worse than none."""
        batch = list(self._outgoing)
        self._outgoing.clear()
        try:
            async with self._db.pool.acquire() as connection:
                await connection.execute(SQL.notify, _CHANNEL, list(self._packer.pack(batch)))
        except _UNREACHABLE as failure:
            log.warning("bus.send_failed", lost=len(batch), error=repr(failure))
            return False
        return True

    async def _listen(self) -> tuple[Tx, asyncio.Event]:
        connection = await self._db.connect()
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(_CHANNEL, self._heard)
        return connection, lost

    async def _keep_listening(self, connection: Tx, lost: asyncio.Event) -> None:
        while True:
            try:
                await self._until_lost(connection, lost)
            finally:
                connection.terminate()
            log.warning("bus.listen_lost")
            connection, lost = await self._listen_again()

    async def _until_lost(self, connection: Tx, lost: asyncio.Event) -> None:
        """A connection whose other end vanished says nothing, so it is asked now and then."""
        while not lost.is_set():
            with suppress(TimeoutError):
                # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event.
                async with asyncio.timeout(_PING_SECONDS):
                    await lost.wait()
                return
            try:
                await connection.execute(SQL.ping, timeout=_PING_SECONDS)
            except _UNREACHABLE:
                return

    async def _listen_again(self) -> tuple[Tx, asyncio.Event]:
        tries = 0
        while True:
            await asyncio.sleep(_RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)])
            try:
                return await self._listen()
            except _UNREACHABLE as failure:
                tries += 1
                log.warning("bus.listen_failed", tries=tries, error=repr(failure))

    def _heard(self, _connection: object, _pid: int, _channel: str, text: object) -> None:
        try:
            node, signals = unpack(str(text))
        except ValueError:
            log.warning("bus.not_ours")  # anyone with access to the database may notify this channel
            return
        if node == self._packer.node:
            return
        for topic, payload in signals:
            self._delivery.deliver(topic, payload)
