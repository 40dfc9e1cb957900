"""What goes over the wire about the list of customers and their timelines."""

from __future__ import annotations

import msgspec

from yizhan.desk.customers import Entry


class TimelinePage(msgspec.Struct):
    items: list[Entry]
    next: str | None
