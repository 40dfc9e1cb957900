"""Rows as programs send them, read field by field: what is wrong in one is told of that one alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from yizhan.desk.sources.model import OrderIn, Problem, ProfileIn
from yizhan.desk.sources.rules import ProfileRules
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier
from yizhan.records.orders import MOST_PARCEL_EVENTS, OrderLine, ParcelEvent, Tracking, fen_of, parcel_state_of
from yizhan.records.profiles import Value, moment

T = TypeVar("T", bound=msgspec.Struct)

_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_KEY_PLACE = re.compile(r" - at `key` in `\$\.?([^`]*)`$")


class IdentifierRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`inbox` is the key of the inbox within which the value is unique, for ids of a platform."""

    kind: str
    value: str | int
    verified_at: str | None = None
    inbox: str | None = None


class ProfileRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`id` is the customer's number in the source. Times have an offset, or are of the house's time zone."""

    id: str | int | None = None
    identifiers: tuple[IdentifierRow, ...] = ()
    name: str | None = None
    level: int | str | None = None
    fields: dict[str, Value] = {}
    at: str | None = None


class EventRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: str
    text: str
    place: str = ""


class TrackingRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`state` by our key or in a carrier's word."""

    carrier: str = ""
    number: str = ""
    arrives_on: str | None = None
    state: str = ""
    events: tuple[EventRow, ...] = ()


class OrderRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`customer` is the buyer's number in the source. The total is `total_fen`, or `total` in yuan as a text. `url` is
    the shop's page of the order."""

    number: str
    placed_at: str
    status: str
    customer: str | int | None = None
    identifiers: tuple[IdentifierRow, ...] = ()
    total_fen: int | None = None
    total: str | None = None
    currency: str = "CNY"
    lines: tuple[OrderLine, ...] = ()
    address: str | None = None
    tracking: TrackingRow | None = None
    brand: str | None = None
    url: str = ""
    at: str | None = None


class Reading:
    """`inboxes` are ids by key."""

    def __init__(self, rules: ProfileRules, inboxes: Mapping[str, UUID] | None = None) -> None:
        self._rules = rules
        self._inboxes = inboxes or {}

    def profile(self, row: object) -> ProfileIn | tuple[Problem, ...]:
        try:
            told = _converted(row, ProfileRow)
            return ProfileIn(
                identifiers=self._identifiers(told.id, told.identifiers), fields=told.fields, name=told.name,
                level=told.level, at=self._moment(told.at, "at"),
            )  # fmt: skip
        except Invalid as wrong:
            return (Problem(wrong.field or "", wrong.message),)

    def order(self, row: object) -> OrderIn | tuple[Problem, ...]:
        try:
            told = _converted(row, OrderRow)
            placed = self._moment(told.placed_at, "placed_at")
            if placed is None:
                raise Invalid("when was it placed?", "placed_at")
            return OrderIn(
                number=told.number, identifiers=self._identifiers(told.customer, told.identifiers), status=told.status,
                total_fen=_total(told), placed_at=placed, currency=told.currency, lines=told.lines,
                address=told.address, tracking=self._tracking(told.tracking), at=self._moment(told.at, "at"),
                brand=told.brand, url=told.url,
            )  # fmt: skip
        except Invalid as wrong:
            return (Problem(wrong.field or "", wrong.message),)

    def _identifiers(self, number: str | int | None, rows: tuple[IdentifierRow, ...]) -> tuple[Identifier, ...]:
        own = (Identifier("external", str(number)),) if number not in (None, "") else ()
        return (*(self._identifier(row, f"identifiers[{at}]") for at, row in enumerate(rows)), *own)

    def _identifier(self, row: IdentifierRow, path: str) -> Identifier:
        if row.inbox is not None and row.inbox not in self._inboxes:
            raise Invalid(f"there is no inbox with the key {row.inbox[:60]}", f"{path}.inbox")
        inbox = self._inboxes[row.inbox] if row.inbox is not None else None
        return Identifier(row.kind, str(row.value), self._moment(row.verified_at, f"{path}.verified_at"), inbox)

    def _tracking(self, row: TrackingRow | None) -> Tracking | None:
        if row is None:
            return None
        if len(row.events) > MOST_PARCEL_EVENTS:
            raise Invalid(f"at most {MOST_PARCEL_EVENTS} events of a parcel", "tracking.events")
        due = self._moment(row.arrives_on, "tracking.arrives_on")
        return Tracking(
            row.carrier[:300],
            row.number[:300],
            due.astimezone(self._rules.zone).date() if due else None,
            parcel_state_of(row.state) if row.state else None,
            tuple(self._event(each, f"tracking.events[{at}]") for at, each in enumerate(row.events)),
        )

    def _event(self, row: EventRow, path: str) -> ParcelEvent:
        at = self._moment(row.at, f"{path}.at")
        if at is None or not row.text.strip():
            raise Invalid("what happened to the parcel, and when?", path)
        return ParcelEvent(at, row.text.strip()[:300], row.place.strip()[:300])

    def _moment(self, text: str | None, path: str) -> datetime | None:
        if text is None or not text.strip():
            return None
        try:
            return moment(text, self._rules.zone)
        except Invalid as wrong:
            raise Invalid(wrong.message, path) from None


def names_inbox(row: object) -> bool:
    """Whether inboxes need to be looked up for this row."""
    given = row.get("identifiers") if isinstance(row, dict) else None
    return isinstance(given, list) and any(isinstance(each, dict) and each.get("inbox") for each in given)


def _total(row: OrderRow) -> int:
    if row.total_fen is not None:
        return row.total_fen
    if row.total is None:
        raise Invalid("say what it costs: total_fen, or total in yuan", "total_fen")
    try:
        return fen_of(row.total)
    except Invalid as wrong:
        raise Invalid(wrong.message, "total") from None


def _converted(row: Any, shape: type[T]) -> T:
    try:
        return msgspec.convert(row, shape)
    except msgspec.ValidationError as wrong:
        text = str(wrong)
        place = _KEY_PLACE.search(text) or _PLACE.search(text)
        raise Invalid(text[: place.start()] if place else text, place[1] if place else "") from None
