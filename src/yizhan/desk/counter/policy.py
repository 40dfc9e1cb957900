"""When a shop takes appointments, and what stays masked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec.structs import replace

from yizhan.desk.counter.documents import StandingShop
from yizhan.desk.counter.model import CounterOrder, CounterTicket, Glance, Owed, Slot
from yizhan.desk.verification import How
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import mask_name
from yizhan.records import orders

_DAY = timedelta(days=1)
_EARLIEST, _LATEST = 2000, 2200


def day_of(standing: StandingShop, day: date) -> tuple[datetime, datetime]:
    """From when until when it is that day where the shop stands."""
    if not _EARLIEST <= day.year <= _LATEST:
        raise Invalid(f"the year {day.year} cannot be meant", "date")
    zone = standing.calendar.zone
    start = datetime.combine(day, time(), zone)
    return start.astimezone(UTC), datetime.combine(day + _DAY, time(), zone).astimezone(UTC)


def slots_of(standing: StandingShop, day: date, taken: Mapping[datetime, int], now: datetime) -> list[Slot]:
    """Times at which one may still come that day, also those that are full (`free` 0)."""
    shop, found = standing.shop, list[Slot]()
    start, end = day_of(standing, day)
    latest = now + timedelta(days=shop.days_ahead)
    for opens, closes in standing.calendar.openings(start, end):
        at = start + -(-(opens - start) // shop.slot) * shop.slot
        while at + shop.slot <= closes:
            if now < at <= latest:
                found.append(Slot(at, max(0, shop.at_once - taken.get(at, 0))))
            at += shop.slot
    return found


def ensure_slot(standing: StandingShop, at: datetime, now: datetime) -> None:
    """Raises Invalid for a time at which the shop takes nobody; whether it is full is seen when it is taken."""
    if at <= now:
        raise Invalid("an appointment is at a time to come", "starts_at")
    if at > now + timedelta(days=standing.shop.days_ahead):
        raise Invalid(f"this shop makes appointments {standing.shop.days_ahead} days ahead", "starts_at")
    if all(slot.at != at for slot in slots_of(standing, standing.calendar.local_date(at), {}, now)):
        raise Invalid("the shop takes nobody at this time: choose one of its times", "starts_at")


def reminders(standing: StandingShop, starts_at: datetime, now: datetime) -> list[datetime]:
    """Those that are still to come; the confirmation just now is reminder enough for a while."""
    due = [starts_at - timedelta(minutes=minutes) for minutes in standing.shop.remind_minutes]
    return sorted(at for at in due if at > now + timedelta(minutes=10))


def masked(seen: Glance, how: How, *, named: bool) -> Glance:
    """What is left of a glance before 核身, as the policy has it for the details of orders."""
    if how is How.OPEN:
        return seen
    kept = None if how is How.BLOCK else [_order(each) for each in seen.orders or ()]
    return replace(
        seen, masked=True, name=seen.name if named else mask_name(seen.name), orders=kept,
        tickets=[_ticket(each) for each in seen.tickets], promises=[_owed(each) for each in seen.promises],
        visits=[replace(each, note="") for each in seen.visits],
    )  # fmt: skip


def lines_of(document: Mapping[str, Any]) -> list[str]:
    return [
        f"{line.get('title') or line.get('sku')}" + (f" ×{line['count']}" if line.get("count", 1) > 1 else "")
        for line in document.get("lines", ())
    ]  # fmt: skip


def _order(order: CounterOrder) -> CounterOrder:
    return replace(order, number=orders.masked(order.number), total_fen=None,
                   lines=None)  # fmt: skip


def _ticket(ticket: CounterTicket) -> CounterTicket:
    return replace(ticket, subject=None)


def _owed(owed: Owed) -> Owed:
    return replace(owed, text=None)
