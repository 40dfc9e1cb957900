"""The question in a visitor's window: told with his session, counted as asked once it was on his screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import nps
from yizhan.foundation.db import Tx
from yizhan.web.nps.links import nps_link
from yizhan.web.services import Services

_PREFIX = "nps:"


class NpsQuestion(msgspec.Struct, frozen=True):
    """`id` is what the widget's `invite` frame names when it was shown or closed; the answer is given at `url`."""

    id: str
    brand: str
    url: str


async def question_of(tx: Tx, services: Services, own: Sequence[UUID], now: datetime) -> NpsQuestion | None:
    waiting = await nps.visitor_question(tx, own, now)
    found = await nps.find(tx, waiting) if waiting is not None else None
    if found is None:
        return None
    link = nps_link(services.settings.public_url, services.signer)
    return NpsQuestion(f"{_PREFIX}{found.id}", found.brand_name, link(found.id, found.closes_at))


async def hear(tx: Tx, own: Sequence[UUID], said: str, answer: str, now: datetime) -> bool:
    """False where an invite frame is about something else."""
    if not said.startswith(_PREFIX):
        return False
    waiting = await nps.visitor_question(tx, own, now)
    if waiting is not None and said == f"{_PREFIX}{waiting}":
        if answer == "shown":
            await nps.invited(tx, waiting, now)
        elif answer == "closed":
            await nps.decline(tx, waiting, now)
    return True
