"""Appointments on the sockets: that a shop's day changed. Who has it on the screen reads it again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yizhan.desk.live import PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry


class AppointmentNews(msgspec.Struct, frozen=True):
    """Names nobody: it goes to every screen."""

    shop: str


class AppointmentPart:
    """A handful a minute in a large house; nothing is read for it."""

    entity = "appointment"

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith("appointment.") or entry.kind == "visit.logged"

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        return [
            PartRow(entry.subject, entry.subject_version, AppointmentNews(str(entry.data["shop"]))) for entry in entries
        ]
