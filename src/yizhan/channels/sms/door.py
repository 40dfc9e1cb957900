"""Who may bring reports: neither cloud signs them, so the address is the secret, and a token if the house sets one."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs
from uuid import UUID

from yizhan.desk.channels import Account, Request, SignatureRefused


def verify(account: Account, request: Request) -> None:
    """Raises SignatureRefused. The key in the path has been found already: it cannot be guessed."""
    wanted: str = account.secrets.callback_token
    given = parse_qs(request.query).get("token", [""])[-1]
    if wanted and not hmac.compare_digest(given.encode(errors="replace"), wanted.encode()):
        raise SignatureRefused("the token in the address is wrong")


def ours(echo: object) -> UUID | None:
    """The id of our message, where the cloud says back what we sent along."""
    try:
        return UUID(str(echo)) if echo else None
    except ValueError:
        return None
