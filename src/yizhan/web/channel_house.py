"""What the web floor asks of whoever joined the channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from yizhan.desk.channels import Account, Adapter, Capabilities, Line, Taking, Tokens, Writing
from yizhan.foundation.db import Tx
from yizhan.records.inboxes import Inbox


class ChannelHouse(Protocol):
    @property
    def taking(self) -> Taking: ...

    @property
    def tokens(self) -> Tokens: ...

    @property
    def writing(self) -> Writing: ...

    def find(self, channel: str) -> Adapter | None:
        """The adapter of a channel; None where no package offers one."""
        ...

    def names(self) -> list[str]:
        """All channels that have an adapter."""
        ...

    def account(self, found: Adapter, inbox: Inbox, secrets: Mapping[str, str]) -> Account:
        """Raises Invalid where the settings are not what the channel takes."""
        ...

    async def can(self, tx: Tx, inbox_id: UUID) -> Capabilities | None:
        """What may be sent in an inbox, as it is set up now; None for a channel without an adapter."""
        ...

    def line_of(self, account: Account) -> Line: ...

    async def line(self, inbox: Inbox) -> Line:
        """With its secrets. Raises NotFound for a channel nobody offers, Invalid for settings it does not take."""
        ...
