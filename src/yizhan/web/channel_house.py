"""What the web floor asks of whoever joined the channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from yizhan.desk.channels import Account, Adapter, Line, Taking
from yizhan.records.inboxes import Inbox


class ChannelHouse(Protocol):
    @property
    def taking(self) -> Taking: ...

    def find(self, channel: str) -> Adapter | None:
        """The adapter of a channel; None where no package offers one."""
        ...

    def names(self) -> list[str]:
        """All channels that have an adapter."""
        ...

    def account(self, found: Adapter, inbox: Inbox, secrets: Mapping[str, str]) -> Account:
        """Raises Invalid where the settings are not what the channel takes."""
        ...

    def line_of(self, account: Account) -> Line: ...
