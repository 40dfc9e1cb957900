"""What a timer is."""

from datetime import datetime
from uuid import UUID

import msgspec


class Timer(msgspec.Struct, frozen=True):
    id: int
    due: datetime
    kind: str
    subject: UUID
    subject_version: int
    data: dict[str, object] = {}
    tries: int = 0

    def fits(self, version: int) -> bool:
        """False when the subject has changed since: the timer is stale and must do nothing."""
        return self.subject_version == version


class NewTimer(msgspec.Struct, frozen=True):
    due: datetime
    kind: str
    subject: UUID
    subject_version: int
    data: dict[str, object] = {}


class HeldTimer(msgspec.Struct, frozen=True):
    """One that failed too often; it waits for somebody to look and to retry it."""

    timer: Timer
    error: str
