"""The pool of connections: transactions in, plain Python values and jsonb documents out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias, cast

import asyncpg
import msgspec

Tx: TypeAlias = asyncpg.Connection
"""A connection inside a transaction, as every service takes it."""

DATABASE_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What a loop that never ends must live through: a restart, a cut connection, a full server, a time-out. The driver's
own "internal" error is among them because it says that too, when the cut comes between two messages."""

_SAYS_WHAT = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)

_JSONB_VERSION = b"\x01"
_SETTINGS = {"application_name": "yizhan", "timezone": "UTC"}
# A process that is frozen in the middle of a transaction must not keep its locks for ever. Servers before 17 know only
# the first of the two, which does not see one that is frozen between two messages of the protocol.
_PATIENCE = {"idle_in_transaction_session_timeout": "30s", "transaction_timeout": "10min"}
_KNOWS_TRANSACTION_TIMEOUT = 17


def is_transient(error: BaseException) -> bool:
    """Whether it may go well another time: the database's trouble, but not what it refuses by what it was given."""
    return isinstance(error, DATABASE_TROUBLE) and not isinstance(error, _SAYS_WHAT)


class Database:
    """All that the rest of the product knows of PostgreSQL; nothing above changes when it is a cluster."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> None:
        self.pool = pool
        self.dsn = dsn
        self._after_commit: list[Callable[[Tx], None]] = []

    def after_commit(self, callback: Callable[[Tx], None]) -> None:
        """Called with the connection right after each commit: the place to ring a bell, never to do work."""
        self._after_commit.append(callback)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Commits when the block ends, rolls back when it raises."""
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                yield cast(Tx, connection)
            for callback in self._after_commit:
                callback(cast(Tx, connection))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Read only, and one snapshot for everything read in the block."""
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield cast(Tx, connection)

    async def connect(self) -> Tx:
        """A connection of its own, outside the pool, for who keeps one (LISTEN, a session lock). Close it yourself."""
        return await open_connection(self.dsn)

    async def close(self) -> None:
        """Waits for the connections in use."""
        await self.pool.close()


async def open_database(dsn: str, *, min_size: int = 1, max_size: int = 8) -> Database:
    pool = await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        init=_prepare_pooled,
        reset=_keep_session,
        server_settings=_SETTINGS,
        # Every query is a constant of queries.sql, so its plan may live as long as the connection.
        statement_cache_size=1024,
        max_cached_statement_lifetime=0,
    )
    return Database(pool, dsn)


async def open_connection(dsn: str) -> Tx:
    """One connection with the codecs of the pool."""
    connection = await asyncpg.connect(dsn, server_settings=_SETTINGS)
    await _prepare_connection(connection)
    return connection


async def _prepare_pooled(connection: Tx) -> None:
    await _prepare_connection(connection)
    known = connection.get_server_version().major >= _KNOWS_TRANSACTION_TIMEOUT
    for name, limit in _PATIENCE.items():
        if known or name != "transaction_timeout":
            await connection.execute(f"SET {name} = '{limit}'")


async def _prepare_connection(connection: Tx) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_jsonb, decoder=_decode_jsonb, format="binary"
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=msgspec.json.encode, decoder=msgspec.json.decode, format="binary"
    )


async def _keep_session(connection: Tx) -> None:
    """Nothing above leaves session state behind (SET LOCAL only), so the usual reset would be a wasted round trip."""


def _encode_jsonb(document: object) -> bytes:
    return _JSONB_VERSION + msgspec.json.encode(document)


def _decode_jsonb(wire: bytes) -> object:
    return msgspec.json.decode(memoryview(wire)[1:])
