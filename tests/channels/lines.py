"""A line for an adapter under test: a real client, no database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.channels import Account, Adapter, Granted
from yizhan.foundation.clock import Clock
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.tokens import Renew

INBOX = UUID(int=77)


class TestLine:
    """Tokens are kept here; `files` are what the blob store has."""

    __test__ = False

    def __init__(self, account: Account, clock: Clock, *, files: Mapping[str, bytes] | None = None) -> None:
        self.account = account
        self.clock = clock
        self.http = Http(Guard(allow=["127.0.0.1"]))
        self.files = dict(files or {})
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.asked = 0

    async def load(self, hash: str) -> bytes:
        return self.files[hash]

    async def token(self, name: str, ask: Callable[[], Awaitable[Granted]]) -> str:
        held = self.tokens.get(name)
        if held is None or self.clock.now() >= held[1]:
            granted = await ask()
            self.asked += 1
            held = granted.token, self.clock.now() + timedelta(seconds=granted.expires_in)
            self.tokens[name] = held
        return held[0]

    async def lasting(self, first: str, renew: Renew) -> str:
        """As the service does, but for asking early."""
        kept = self.tokens.get("lasting")
        return await self.token("lasting", lambda: renew(kept[0] if kept else first, kept is None))

    async def refused(self, name: str, token: str) -> None:
        if self.tokens.get(name, ("",))[0] == token:
            del self.tokens[name]


def account_for(adapter: Adapter, settings: Mapping[str, object], secrets: Mapping[str, str]) -> Account:
    return Account(
        inbox_id=INBOX, key="door", channel=adapter.name, settings=msgspec.convert(dict(settings), adapter.settings),
        secrets=msgspec.convert(dict(secrets), adapter.secrets), unsaid=adapter.unsaid,
    )  # fmt: skip
