"""What the contract asks to be told of an adapter: its stand-in, and where it differs from the ordinary."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from yizhan.desk.outbound import Letter
from yizhan.simulator import Person, Push, Vendor, Wire


def _as_it_is(letter: Letter) -> Letter:
    return letter


def _by_id(vendor: Vendor, person: Person) -> str:
    return person.id


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """`vendor` is the class of the stand-in; `settings` are added to those it gives.

    `signs_body`: the vendor's signature covers the body. `told_id`: the message keeps the id the stand-in gave its
    bubble. `unknown` pushes something of a type nobody knows, None where the vendor has no types; `other_receiver`
    makes, of a good push, one for another account that only the receiver inside gives away. `media_life`: how long the
    vendor keeps a picture, None for as long as anybody asks. `renews`: access tokens are got by the adapter, not copied
    by somebody. `text` is what a reply says, `dressed` adds to a letter what
    this channel cannot send without; `payload` the same for a reply of an agent. `address` is what the house writes to.
    """

    channel: str
    vendor: Callable[..., Vendor]
    settings: Mapping[str, Any] = {}
    signs_body: bool = True
    told_id: bool = True
    unknown: Callable[[Vendor, Person], Awaitable[Push | None]] | None = None
    other_receiver: Callable[[Vendor, Push], Wire] | None = None
    media_life: timedelta | None = timedelta(days=3)
    renews: bool = True
    text: str = "明天上午送到 👍🏽"
    dressed: Callable[[Letter], Letter] = _as_it_is
    payload: Mapping[str, Any] | None = None
    address: Callable[[Vendor, Person], str] = _by_id
