"""What goes over the wire about verifications and identifiers."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.verification import VerificationReach, VerificationStanding

Address = Annotated[str, Meta(pattern=r"^(i:[0-9a-f-]{36}|c:[0-9a-f]{32})$")]
Reason = Annotated[str, Meta(min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class VerificationShape(msgspec.Struct, frozen=True):
    """`reaches` is empty for who may not write to the customer."""

    standing: VerificationStanding
    reaches: list[VerificationReach]


class VerificationWish(msgspec.Struct):
    way: Literal["sms", "mail", "link"]
    address: Address


class EndIdentity(msgspec.Struct):
    reason: Reason


class ShareIdentity(msgspec.Struct):
    kind: Literal["phone", "shared_phone", "switchboard"]
