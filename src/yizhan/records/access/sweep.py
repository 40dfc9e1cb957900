"""Forgetting what has served its time; to be called every hour or so."""

from datetime import datetime

from yizhan.foundation.db import Tx
from yizhan.records.access.idempotency import forget_answers
from yizhan.records.access.logins import forget_attempts
from yizhan.records.access.model import SessionTerms
from yizhan.records.access.sessions import forget_sessions


async def sweep(tx: Tx, now: datetime, terms: SessionTerms) -> None:
    """Sessions that are over, answers nobody will ask for again, guesses nobody repeated."""
    await forget_sessions(tx, now, terms)
    await forget_answers(tx, now)
    await forget_attempts(tx, now)
