"""What another system hands over at a hook, and what it may be told."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec

from yizhan.web.asgi import Scope, header
from yizhan.web.services import Services


class Delivery(msgspec.Struct, frozen=True):
    """`key` names the inbox in the address; the body is whole and within its limit, and nothing of it is believed."""

    key: str
    scope: Scope
    body: bytes
    now: datetime

    def header(self, name: str) -> str:
        """`name` in lower case; empty when it was not sent."""
        return header(self.scope, name.encode()) or ""


Hook = Callable[[Services, Delivery], Awaitable[Any]]
"""Verifies, stores and only then returns what is answered, as JSON; refuses by a domain error."""
