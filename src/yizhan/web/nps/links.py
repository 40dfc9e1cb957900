"""The address of an invitation: whoever has the link may answer, for as long as it says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.nps import NpsLink
from yizhan.foundation.crypto import Signer

_PURPOSE = "nps"


def nps_link(public_url: str, signer: Signer) -> NpsLink:
    def link(invitation_id: UUID, until: datetime) -> str:
        return f"{public_url.rstrip('/')}/nps/{signer.session(_PURPOSE, invitation_id, until)}"

    return link


def read_link(signer: Signer, token: str, now: datetime) -> UUID | None:
    return signer.read_session(_PURPOSE, token, now)
