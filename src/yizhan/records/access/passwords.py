"""Argon2id, at the strength OWASP names for 19 MiB, in threads and never more than two at once.

Memory is the point of Argon2, so the number at once is what bounds the memory of this process.
"""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_LEAST = 10
_MOST = 200


class Passwords:
    def __init__(self, *, memory_kib: int = 19 * 1024, rounds: int = 2, at_once: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._room = asyncio.Semaphore(at_once)
        # Checked when there is no such agent, so that an unknown name takes as long as a wrong password.
        self._nobody = self._hasher.hash("nobody")

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        async with self._room:
            return await asyncio.to_thread(self._fits, password, stored)

    def is_old(self, stored: str) -> bool:
        """Made with other parameters than today's: hash it anew while the password is at hand."""
        return self._hasher.check_needs_rehash(stored)

    def _fits(self, password: str, stored: str | None) -> bool:
        try:
            right = self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return right and stored is not None


def weakness(password: str, login: str) -> str | None:
    """Why a password is refused, or None. Length is what counts; rules about signs only make people write it down."""
    if len(password) < _LEAST:
        return f"at least {_LEAST} characters"
    if len(password) > _MOST:
        return f"at most {_MOST} characters"
    if login and login.casefold() in password.casefold():
        return "must not contain the login name"
    if len(set(password)) < 4:
        return "too few different characters"
    return None
