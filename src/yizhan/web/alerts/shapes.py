"""What goes over the wire about alerts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from yizhan.desk.alerts import AlertRow


class AlertList(msgspec.Struct):
    """Newest first."""

    items: list[AlertRow]


class AlertPage(msgspec.Struct):
    """`before` is the time to go on from, null at the end."""

    items: list[AlertRow]
    before: datetime | None
