"""What agents see of a verification, and what leaves the house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.desk.outlets import Dispatch, Outlet
from yizhan.foundation.errors import Forbidden


class NotVerified(Forbidden):
    """The house's policy keeps this shut until the customer has shown who he is."""

    code: ClassVar[str] = "not_verified"


class VerificationReach(msgspec.Struct, frozen=True, kw_only=True):
    """Where a code may go. `own`: it is known to be his and not only what he says. `address` is a handle, no value.

    `guessed`: it is of a contact taken for him by a judgement or a claim, and no code goes there: whoever has that
    number would open the affairs of whoever writes here.
    """

    way: str
    kind: str
    masked: str
    address: str
    own: bool
    guessed: bool = False


class VerificationStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Of one conversation: `state` is none, sending, sent, failed, proved, refused, replaced or over.

    `delivery` is what the carrier reports of a text message: sent, delivered, failed, or unknown where it was silent.
    """

    conversation_id: UUID
    contact_id: UUID
    state: str
    way: str | None = None
    masked: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    tries_left: int | None = None
    error: str | None = None
    delivery: str | None = None
    green: bool = False
    guards: dict[str, str] = {}
    version: int = 0


Outgoing = Callable[[Outlet, Dispatch], Awaitable[None]]
"""Hands one dispatch to its vendor now. Raises PostFailed."""


class Carry(msgspec.Struct, frozen=True, kw_only=True):
    """Kept and not sent yet: the only place where the code is in clear, for as long as the call lasts."""

    verification_id: UUID
    outlet: Outlet | None
    dispatch: Dispatch | None
