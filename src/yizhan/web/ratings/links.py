"""The address at which a customer rates without signing in: whoever has the link may, for as long as it says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.satisfaction import RateLink
from yizhan.foundation.crypto import Signer

_PURPOSE = "rate"
_OF_TICKET = "rate-ticket"


def rate_link(public_url: str, signer: Signer) -> RateLink:
    def link(conversation_id: UUID, until: datetime) -> str:
        return f"{public_url.rstrip('/')}/rate/{signer.session(_PURPOSE, conversation_id, until)}"

    return link


def ticket_link(public_url: str, signer: Signer) -> RateLink:
    """The same for the whole of a ticket."""

    def link(ticket_id: UUID, until: datetime) -> str:
        return f"{public_url.rstrip('/')}/rate/ticket/{signer.session(_OF_TICKET, ticket_id, until)}"

    return link


def read_ticket_link(signer: Signer, token: str, now: datetime) -> UUID | None:
    return signer.read_session(_OF_TICKET, token, now)


def read_link(signer: Signer, token: str, now: datetime) -> UUID | None:
    return signer.read_session(_PURPOSE, token, now)
