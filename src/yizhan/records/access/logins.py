"""The guard against guessing: counted by login name, whether or not such an agent exists.

Names are counted by their blind index, so the table is no list of who works here, and an unknown name behaves in
every way as a known one does.
"""

# ruff: noqa: N818 - the names are the words of the domain

from datetime import datetime

from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import DomainError
from yizhan.records.access import policy
from yizhan.records.access.store import SQL


class BadCredentials(DomainError):
    """The name or the password is wrong; which of them is not told."""

    code = "bad_credentials"


class LockedOut(DomainError):
    """Too many wrong passwords for this name; `retry_after` is in seconds."""

    code = "locked"

    def __init__(self, retry_after: float) -> None:
        super().__init__("too many wrong passwords")
        self.retry_after = retry_after


def login_mark(vault: Vault, login: str) -> bytes:
    return vault.blind("login", login.strip().casefold())


async def begin_attempt(tx: Tx, vault: Vault, login: str, now: datetime) -> None:
    """Counts the attempt as failed before the password is looked at, so that parallel guesses share one budget."""
    mark = login_mark(vault, login)
    row = await tx.fetchrow(SQL.lock_guard, mark, now)
    assert row is not None
    if row["locked_until"] is not None and now < row["locked_until"]:
        raise LockedOut((row["locked_until"] - now).total_seconds())
    failures = row["failures"] + 1
    lock = policy.lock_after(failures)
    await tx.execute(SQL.count_failure, mark, failures, now + lock if lock else None)


async def forgive(tx: Tx, vault: Vault, login: str) -> None:
    await tx.execute(SQL.forgive, login_mark(vault, login))


async def forget_attempts(tx: Tx, now: datetime, most: int) -> int:
    return len(await tx.fetch(SQL.forget_attempts, now - policy.FORGET_ATTEMPTS_AFTER, most))
