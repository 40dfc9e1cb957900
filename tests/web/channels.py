"""The channels joined to a web floor under test, as the house joins them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from yizhan.app.adapting import Adapting
from yizhan.desk.intake import Intake
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.ids import new_id
from yizhan.foundation.text import is_thanks_only
from yizhan.web.services import Services


def with_channels(services: Services) -> Services:
    intake = services.intake or Intake(services.db, services.vault, services.clock, new_id, is_thanks_only, _keep)
    adapting = Adapting(
        services.db, services.vault, services.clock, services.blobs, Http(Guard(["127.0.0.1"])), intake, holder="test",
        hear_words=_hear,
    )  # fmt: skip
    return replace(services, channels=adapting)


async def _keep(raw: bytes) -> str:
    return sha256(raw).hexdigest()


async def _hear(conversation_id: UUID, text: str, now: datetime) -> None: ...
