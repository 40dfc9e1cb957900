"""PostgreSQL, everywhere: the embedded server, the pool, the migrations and the SQL files of the capabilities.

The only place that knows the driver; the few errors of it that decide something have our names here.
"""

from asyncpg import CheckViolationError as CheckViolation
from asyncpg import DataError, InterfaceError, InternalClientError, PostgresConnectionError, PostgresError, Record
from asyncpg import ForeignKeyViolationError as ForeignKeyViolation
from asyncpg import IntegrityConstraintViolationError as IntegrityError
from asyncpg import UniqueViolationError as UniqueViolation

from yizhan.foundation.db.binaries import ServerFailed
from yizhan.foundation.db.copying import copied_all, copy_new
from yizhan.foundation.db.migrate import (
    Migration,
    MigrationRefused,
    migrate,
    packaged_functions,
    packaged_migrations,
)
from yizhan.foundation.db.pool import DATABASE_TROUBLE, Database, Tx, is_transient, open_connection, open_database
from yizhan.foundation.db.queries import Queries, load_queries, parse_queries
from yizhan.foundation.db.server import Server, start_server
from yizhan.foundation.db.upgrade import Upgraded, upgrade

__all__ = [
    "DATABASE_TROUBLE",
    "CheckViolation",
    "DataError",
    "Database",
    "ForeignKeyViolation",
    "IntegrityError",
    "InterfaceError",
    "InternalClientError",
    "Migration",
    "MigrationRefused",
    "PostgresConnectionError",
    "PostgresError",
    "Queries",
    "Record",
    "Server",
    "ServerFailed",
    "Tx",
    "UniqueViolation",
    "Upgraded",
    "copied_all",
    "copy_new",
    "is_transient",
    "load_queries",
    "migrate",
    "open_connection",
    "open_database",
    "packaged_functions",
    "packaged_migrations",
    "parse_queries",
    "start_server",
    "upgrade",
]
