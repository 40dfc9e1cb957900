"""Answers kept under the caller's Idempotency-Key: a repeat gets the first answer and changes nothing.

The key is claimed in the transaction of the change itself. A repeat in parallel waits for that transaction, a failed
one leaves no claim. Answers are sealed: they may show what the row they came from keeps sealed.
"""

from datetime import datetime, timedelta

import msgspec

from yizhan.foundation.crypto import Vault, same
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.access.store import SQL

KEEP = timedelta(hours=48)


class KeyReused(Invalid):
    """The same key came with another request."""

    code = "idempotency_key_reused"


class KeptAnswer(msgspec.Struct, frozen=True):
    status: int
    body: bytes


async def claim_key(tx: Tx, vault: Vault, actor: str, key: str, fingerprint: bytes, now: datetime) -> KeptAnswer | None:
    """None when the caller is the first and shall do the work, then `keep_answer`; else what the first was told."""
    if await tx.fetchval(SQL.claim_key, actor, key, fingerprint, now) is not None:
        return None
    row = await tx.fetchrow(SQL.kept_answer, actor, key)
    assert row is not None, "a claimed key stays until it is forgotten"
    if not same(row["fingerprint"], fingerprint):
        raise KeyReused("this key was used for another request", "Idempotency-Key")
    return KeptAnswer(row["status"], vault.open(row["answer"], aad=_aad(actor, key)))


async def keep_answer(tx: Tx, vault: Vault, actor: str, key: str, answer: KeptAnswer) -> None:
    sealed = vault.seal(answer.body, aad=_aad(actor, key))
    await tx.execute(SQL.keep_answer, actor, key, answer.status, sealed)


async def forget_answers(tx: Tx, now: datetime, most: int) -> int:
    return len(await tx.fetch(SQL.forget_answers, now - KEEP, most))


def _aad(actor: str, key: str) -> bytes:
    return f"idempotency\0{actor}\0{key}".encode()
