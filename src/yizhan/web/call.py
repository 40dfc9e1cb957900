"""One write as a client asked for it: its transaction, its Idempotency-Key, its time and its actor.

return await call.write(lambda tx: create_team(tx, data, call.now, call.actor))
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar, cast

import msgspec
from litestar import Response
from litestar.di import NamedDependency

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.access import KeptAnswer, claim_key, keep_answer
from yizhan.records.agents import Viewer
from yizhan.web.guards import AnyRequest
from yizhan.web.services import Services

T = TypeVar("T")

REPLAYED = "Idempotency-Replayed"
_KEY_CHARS = 200


class Call:
    """The dependency `call` of handlers that change something."""

    def __init__(self, services: Services, viewer: Viewer, key: str | None, fingerprint: bytes, now: datetime) -> None:
        self.services = services
        self.viewer = viewer
        self.now = now
        self._key = key
        self._fingerprint = fingerprint

    @property
    def actor(self) -> str:
        return self.viewer.actor

    async def write(self, verb: Callable[[Tx], Awaitable[T]], status: int = 200) -> Response[T]:
        """Runs the verb in a transaction and answers with its result; a repeat is answered without running it."""
        if self._key is None:
            async with self.services.db.transaction() as tx:
                result = await verb(tx)
            return Response(result, status_code=status)
        async with self.services.db.transaction() as tx:
            kept = await self._claim(tx, self._key)
            if kept is not None:
                return _replay(kept)
            body = msgspec.json.encode(await verb(tx))
            await keep_answer(tx, self.services.vault, self.actor, self._key, KeptAnswer(status, body))
        return _raw(body, status)

    async def _claim(self, tx: Tx, key: str) -> KeptAnswer | None:
        return await claim_key(tx, self.services.vault, self.actor, key, self._fingerprint, self.now)


async def provide_call(
    request: AnyRequest, services: NamedDependency[Services], viewer: NamedDependency[Viewer]
) -> Call:
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= _KEY_CHARS:
        raise Invalid(f"1 to {_KEY_CHARS} characters", "Idempotency-Key")
    fingerprint = sha256(f"{request.method} {request.url.path}?{request.url.query}\0".encode())
    fingerprint.update(await request.body() if key else b"")
    return Call(services, viewer, key, fingerprint.digest(), services.clock.now())


def _replay(kept: KeptAnswer) -> Response[T]:
    return _raw(kept.body, kept.status, {REPLAYED: "true"})


def _raw(body: bytes, status: int, headers: dict[str, str] | None = None) -> Response[T]:
    """Encoded once: what is kept and what is sent are the same bytes."""
    content = None if status == 204 else msgspec.Raw(body)
    return Response(cast(T, content), status_code=status, headers=headers)
