"""A code that a customer writes where he talks to us. Only a message that is six digits is looked at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk import verification
from yizhan.web.services import Services


async def hear_words(services: Services, conversation_id: UUID | None, text: str, now: datetime) -> None:
    """After the message is kept: what he said is a message too, and a code is worth nothing once it was used."""
    code = verification.looks_like_code(text)
    if code is None or conversation_id is None:
        return
    async with services.db.transaction() as tx:
        await verification.hear_code(
            tx, services.vault, conversation_id, code, services.verification_book, now=now
        )  # fmt: skip
