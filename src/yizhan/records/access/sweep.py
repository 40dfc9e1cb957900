"""Forgetting what has served its time."""

from datetime import datetime

from yizhan.foundation.db import Tx
from yizhan.records.access.idempotency import forget_answers
from yizhan.records.access.logins import forget_attempts
from yizhan.records.access.model import SessionTerms
from yizhan.records.access.sessions import forget_sessions

_AT_ONCE = 5_000


async def sweep(tx: Tx, now: datetime, terms: SessionTerms) -> int:
    """Sessions that are over, answers nobody will ask for again, guesses nobody repeated: a batch of each.

    How many rows went; call again until none did.
    """
    return (
        await forget_sessions(tx, now, terms, _AT_ONCE)
        + await forget_answers(tx, now, _AT_ONCE)
        + await forget_attempts(tx, now, _AT_ONCE)
    )
