"""What an answer means: rows of customers and orders, by the expressions of the document. Pure.

A row that cannot be read is told with its place in the mapping, and the others go in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from yizhan.desk.connectors.documents import Connector, OrderMap, ProfileMap
from yizhan.desk.connectors.model import MOST_PROBLEMS, CallFailed, Outage, RowProblem
from yizhan.desk.sources import OrderIn, ProfileIn
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier, normalise
from yizhan.records.orders import MOST_PARCEL_EVENTS, OrderLine, ParcelEvent, Tracking, fen_of, parcel_state_of
from yizhan.records.profiles import Value, moment

T = TypeVar("T")
_MILLISECONDS = 10**11  # no order was placed in the year 5138
_MOST_ROWS = 20_000
_COUNT = re.compile(r"[0-9]{1,9}")


class Asked(NamedTuple):
    """By what a customer was looked up; the row must be his."""

    identifier: Identifier
    proved_by_source: bool


class Mapped(NamedTuple):
    """`rows` as they came, `places` the number of the row of each that could be read."""

    profiles: list[tuple[int, ProfileIn]]
    orders: list[tuple[int, OrderIn]]
    problems: list[RowProblem]
    rows: int


def read_answer(
    answer: object, connector: Connector, zone: ZoneInfo, now: datetime, asked: Asked | None = None
) -> Mapped:
    """Raises CallFailed where the whole is not what was agreed: rows that are no list, or none that can be read."""
    mapped = Mapped([], [], [], 0)
    reading = _Reading(connector, zone, now, asked)
    rows = 0
    for what, mapping in (("profile", connector.profile), ("order", connector.order)):
        if mapping is None:
            continue
        found = rows_of(answer, mapping.rows, f"{what}.rows", whole=asked is not None)
        rows += len(found)
        for at, row in enumerate(found):
            try:
                if isinstance(mapping, ProfileMap):
                    mapped.profiles.append((at, reading.profile(row, mapping)))
                else:
                    mapped.orders.append((at, reading.order(row, mapping)))
            except Invalid as wrong:
                mapped.problems.append(RowProblem(what, at, f"{what}.{wrong.field or 'rows'}", wrong.message))
    if mapped.problems and not mapped.profiles and not mapped.orders:
        first = mapped.problems[0]
        raise CallFailed(Outage.SHAPE, f"no row can be read; of the first: {first.message}", first.field)
    return mapped._replace(problems=mapped.problems[:MOST_PROBLEMS], rows=rows)


def rows_of(answer: object, expression: str, path: str, *, whole: bool = False) -> list[object]:
    """`whole`: one object alone is one row, and nothing is none, as a look-up of one customer answers."""
    found = picked(answer, expression, path)
    if whole and (found is None or found == {}):
        return []
    if whole and isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise CallFailed(Outage.SHAPE, f"a list was expected, there is {_kind(found)}", path)
    if len(found) > _MOST_ROWS:
        raise CallFailed(Outage.TOO_LARGE, f"{len(found)} rows in one answer, {_MOST_ROWS} are allowed", path)
    return found


def next_cursor(answer: object, expression: str, before: str | None) -> str | None:
    """Raises CallFailed for one that leads nowhere: the same pages would come for ever."""
    path = "pull.paging.next"
    found = picked(answer, expression, path)
    if found is None or found == "" or found is False:
        return None
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise CallFailed(Outage.SHAPE, f"a cursor is a text or a number, there is {_kind(found)}", path)
    if str(found) == before:
        raise CallFailed(
            Outage.SHAPE, "the next cursor is the one that was asked for: it would go round for ever", path
        )
    return str(found)[:500]


def picked(value: object, expression: str, path: str) -> Any:
    """Raises CallFailed where the expression does not go with what is there."""
    import jmespath

    try:
        return _compiled(expression).search(value)
    except (jmespath.exceptions.JMESPathError, TypeError, ValueError, RecursionError) as wrong:
        raise CallFailed(Outage.SHAPE, str(wrong).splitlines()[0][:160], path) from wrong


@lru_cache(maxsize=1000)
def _compiled(expression: str) -> Any:
    import jmespath

    return jmespath.compile(expression)


class _Reading:
    def __init__(self, connector: Connector, zone: ZoneInfo, now: datetime, asked: Asked | None) -> None:
        self._connector = connector
        self._zone = zone
        self._now = now
        self._asked = asked

    def profile(self, row: object, of: ProfileMap) -> ProfileIn:
        _ensure_object(row)
        fields = {key: _scalar(_got(row, path, f"fields.{key}"), f"fields.{key}") for key, path in of.fields.items()}
        name = _text(row, of.name, "name")
        return ProfileIn(
            identifiers=self._identifiers(row, of.identifiers), name=name, at=self._time(row, of.at, "at"),
            level=_scalar(_got(row, of.level, "level"), "level") if of.level else None, fields=fields,
        )  # fmt: skip

    def order(self, row: object, of: OrderMap) -> OrderIn:
        _ensure_object(row)
        word = _needed(_text(row, of.status, "status"), "status")
        tracking = self._tracking(row, of)
        return OrderIn(
            number=_needed(_text(row, of.number, "number"), "number"),
            identifiers=self._identifiers(row, of.identifiers), status=of.statuses.get(word, word),
            total_fen=_money(_got(row, of.total, "total"), of.unit, "total"),
            placed_at=_needed(self._time(row, of.placed_at, "placed_at"), "placed_at"),
            currency=_text(row, of.currency, "currency") or "CNY", lines=tuple(self._lines(row, of)),
            address=_text(row, of.address, "address"), at=self._time(row, of.at, "at"),
            tracking=tracking if tracking != Tracking() else None, url=_text(row, of.url, "url") or "",
        )  # fmt: skip

    def _tracking(self, row: object, of: OrderMap) -> Tracking:
        word = _text(row, of.parcel_state, "parcel_state")
        state = _tried(lambda: parcel_state_of(of.parcel_states.get(word, word)), "parcel_state") if word else None
        return _converted(Tracking, {
            "carrier": _text(row, of.carrier, "carrier") or "", "number": _text(row, of.tracking, "tracking") or "",
            "state": state, "events": tuple(self._events(row, of)),
        }, "tracking")  # fmt: skip

    def _events(self, row: object, of: OrderMap) -> Iterator[ParcelEvent]:
        found = _got(row, of.parcel_events, "parcel_events") if of.parcel_events else None
        if found is None:
            return
        if not isinstance(found, list):
            raise Invalid(f"a list was expected, there is {_kind(found)}", "parcel_events")
        if len(found) > MOST_PARCEL_EVENTS:
            raise Invalid(f"at most {MOST_PARCEL_EVENTS} events of a parcel", "parcel_events")
        for each in found:
            at, text = self._time(each, of.event_at, "event_at"), _text(each, of.event_text, "event_text")
            if at is not None and text:
                yield ParcelEvent(at, text[:300], (_text(each, of.event_place, "event_place") or "")[:300])

    def _lines(self, row: object, of: OrderMap) -> Iterator[OrderLine]:
        found = _got(row, of.lines, "lines") if of.lines else None
        if found is None:
            return
        if not isinstance(found, list):
            raise Invalid(f"a list was expected, there is {_kind(found)}", "lines")
        for line in found:
            count = _got(line, of.count, "count")
            if count is not None and (isinstance(count, bool) or not _COUNT.fullmatch(str(count))):
                raise Invalid(f"a whole number was expected, there is {_kind(count)}", "count")
            price = _got(line, of.price, "price")
            yield _converted(OrderLine, {
                "sku": _text(line, of.sku, "sku") or "", "title": _text(line, of.title, "title") or "",
                "count": 1 if count is None else int(count),
                "price_fen": 0 if price is None else _money(price, of.unit, "price"),
            }, "lines")  # fmt: skip

    def _identifiers(self, row: object, of: dict[str, str]) -> tuple[Identifier, ...]:
        found = []
        for kind, expression in of.items():
            value = _text(row, expression, f"identifiers.{kind}")
            if value:
                found.append(Identifier(kind, value, self._now if kind in self._connector.verified else None))
        if self._asked is not None:
            self._ensure_his(found)
            found = [self._asked.identifier, *(each for each in found if each.kind != self._asked.identifier.kind)]
        if not found:
            raise Invalid("nobody is named: none of the identifiers is there", "identifiers")
        return tuple(found)

    def _ensure_his(self, found: list[Identifier]) -> None:
        """A source that answers with somebody else's record must not hang it on the customer who was asked for."""
        assert self._asked is not None
        wanted = self._asked.identifier
        for each in found:
            if each.kind == wanted.kind and not _same(each, wanted, self._connector.source):
                raise Invalid("the answer is about somebody else", f"identifiers.{each.kind}")

    def _time(self, row: object, expression: str, field: str) -> datetime | None:
        value = _got(row, expression, field) if expression else None
        if value is None or value == "":
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _tried(lambda: _instant(float(value)), field)
        if not isinstance(value, str):
            raise Invalid(f"a time was expected, there is {_kind(value)}", field)
        return _tried(lambda: moment(value, self._zone), field)


def _same(each: Identifier, wanted: Identifier, source: str) -> bool:
    own = f"{source}:{each.value}" if each.kind == "external" and ":" not in each.value else each.value
    try:
        return normalise(each.kind, own) == normalise(wanted.kind, wanted.value)
    except Invalid:
        return False


def _got(row: object, expression: str, field: str) -> Any:
    try:
        return picked(row, expression, field)
    except CallFailed as wrong:
        raise Invalid(wrong.message, field) from None


def _text(row: object, expression: str, field: str) -> str | None:
    value = _got(row, expression, field) if expression else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"a text was expected, there is {_kind(value)}", field)
    return str(value)


def _scalar(value: object, field: str) -> Value:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise Invalid(f"a text or a number was expected, there is {_kind(value)}", field)


def _money(value: object, unit: str, field: str) -> int:
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"an amount was expected, there is {_kind(value)}", field)
    if unit == "yuan":
        return _tried(lambda: fen_of(_cents(value)), field)
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        raise Invalid("an amount in fen is a whole number", field) from None
    if not exact.is_finite() or exact != exact.to_integral_value() or not 0 <= exact <= 10**13:
        raise Invalid("an amount in fen is a whole number", field)
    return int(exact)


def _cents(value: str | int | float) -> str:
    """JSON has no decimals: 19.9 may come as 19.900000000000002."""
    return f"{value:.2f}" if isinstance(value, float) and abs(value * 100 - round(value * 100)) < 1e-6 else str(value)


def _instant(value: float) -> datetime:
    try:
        return datetime.fromtimestamp(value / 1000 if abs(value) > _MILLISECONDS else value, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid("there is no such time") from None


def _tried(read: Callable[[], T], field: str) -> T:
    try:
        return read()
    except Invalid as wrong:
        raise Invalid(wrong.message, field) from None


def _converted(shape: type[T], value: object, field: str) -> T:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as wrong:
        raise Invalid(str(wrong), field) from None


def _needed(value: T | None, field: str) -> T:
    if value is None or value == "":
        raise Invalid("nothing is there", field)
    return value


def _ensure_object(row: object) -> None:
    if not isinstance(row, dict):
        raise Invalid(f"a row is an object, there is {_kind(row)}", "rows")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "yes or no", int: "a number", float: "a number"}
    return names.get(type(value), "nothing")
