"""The address at which a customer rates without signing in: whoever has the link may, for as long as it says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.satisfaction import RateLink
from yizhan.foundation.crypto import Signer

_PURPOSE = "rate"


def rate_link(public_url: str, signer: Signer) -> RateLink:
    def link(conversation_id: UUID, until: datetime) -> str:
        return f"{public_url.rstrip('/')}/rate/{signer.session(_PURPOSE, conversation_id, until)}"

    return link


def read_link(signer: Signer, token: str, now: datetime) -> UUID | None:
    return signer.read_session(_PURPOSE, token, now)
