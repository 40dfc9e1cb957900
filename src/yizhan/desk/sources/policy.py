"""Whether a row can be taken: every fault of it at once, each with its place. Pure, but for the blind index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, ParamSpec, TypeVar

from yizhan.desk.sources.model import OrderIn, Problem, ProfileIn
from yizhan.desk.sources.rules import ProfileRules
from yizhan.foundation.crypto import Vault
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier, Keyed, keyed
from yizhan.records.orders import MOST_FEN, OrderStatus, currency_of, number_of, page_of, status_of
from yizhan.records.profiles import LEVEL, NAME, Value, standard, standard_level, standard_name

P = ParamSpec("P")
T = TypeVar("T")

MOST_IDENTIFIERS = 20
MOST_LINES = 200
_EARLIEST = 1850
_AHEAD = timedelta(days=1)  # clocks differ, and some forget their time zone


class Checked(NamedTuple):
    keys: tuple[Keyed, ...]
    values: dict[str, Value]
    at: datetime


class CheckedOrder(NamedTuple):
    keys: tuple[Keyed, ...]
    number: str
    status: OrderStatus
    currency: str
    at: datetime


class Faults:
    """Gathers what is wrong with one row, so that nobody mends it fault by fault."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def tried(self, field: str, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | None:
        try:
            return read(*given, **named)
        except Invalid as wrong:
            self.found.append(Problem(field, wrong.message))
            return None


def external(source: str, number: str) -> Identifier:
    """A source's own number of a customer."""
    return Identifier("external", number if number.startswith(f"{source}:") else f"{source}:{number}")


def check_profile(
    row: ProfileIn, rules: ProfileRules, vault: Vault, source: str, now: datetime
) -> Checked | tuple[Problem, ...]:
    faults = Faults()
    keys = _keys(row.identifiers, vault, source, now, faults)
    values: dict[str, Value] = {}
    if row.name is not None:
        values[NAME] = faults.tried("name", standard_name, row.name) or None
    if row.level is not None:
        values[LEVEL] = faults.tried("level", standard_level, row.level)
    _standard_fields(row.fields, rules, faults, values)
    at = _time(row.at, now, faults)
    return tuple(faults.found) or Checked(keys, values, at)


def standard_values(given: Mapping[str, Value], rules: ProfileRules) -> tuple[dict[str, Value], list[Problem]]:
    """Values by the keys of their fields, name and level among them, each written our way."""
    faults, values = Faults(), dict[str, Value]()
    fields = dict(given)
    if NAME in fields:
        name = fields.pop(NAME)
        values[NAME] = faults.tried(NAME, standard_name, str(name)) or None if name is not None else None
    if LEVEL in fields:
        values[LEVEL] = faults.tried(LEVEL, standard_level, fields.pop(LEVEL))
    _standard_fields(fields, rules, faults, values)
    return values, faults.found


def _standard_fields(
    given: Mapping[str, Value], rules: ProfileRules, faults: Faults, values: dict[str, Value]
) -> None:  # fmt: skip
    for key, value in given.items():
        spec = rules.fields.get(key)
        if spec is None:
            faults.found.append(Problem(f"fields.{key}", "there is no such field"))
        else:
            values[key] = faults.tried(f"fields.{key}", standard, spec, value, rules.zone)


def check_order(
    row: OrderIn, vault: Vault, source: str, brands: Mapping[str, object], now: datetime
) -> CheckedOrder | tuple[Problem, ...]:
    faults = Faults()
    keys = _keys(row.identifiers, vault, source, now, faults)
    number = faults.tried("number", number_of, row.number)
    status = faults.tried("status", status_of, row.status)
    currency = faults.tried("currency", currency_of, row.currency)
    faults.tried("url", page_of, row.url)
    if row.brand is not None and row.brand not in brands:
        faults.found.append(Problem("brand", f"there is no business line with the key {row.brand[:60]}"))
    if not 0 <= row.total_fen <= MOST_FEN:
        faults.found.append(Problem("total_fen", f"an amount is 0 to {MOST_FEN} fen"))
    if len(row.lines) > MOST_LINES:
        faults.found.append(Problem("lines", f"at most {MOST_LINES} lines"))
    if row.address is not None and (len(row.address) > 500 or "\0" in row.address):
        faults.found.append(Problem("address", "at most 500 characters"))
    for at, event in enumerate(row.tracking.events if row.tracking else ()):
        if event.at > now + _AHEAD:
            faults.found.append(Problem(f"tracking.events[{at}].at", "this time is still to come"))
    if row.placed_at > now + _AHEAD:
        faults.found.append(Problem("placed_at", "this time is still to come"))
    if row.placed_at.year < _EARLIEST:
        faults.found.append(Problem("placed_at", f"the year {row.placed_at.year} cannot be meant"))
    changed = _time(row.at, now, faults)
    if faults.found or number is None or status is None or currency is None:
        return tuple(faults.found)
    return CheckedOrder(keys, number, status, currency, changed)


def _time(at: datetime | None, now: datetime, faults: Faults) -> datetime:
    if at is not None and at > now + _AHEAD:
        faults.found.append(Problem("at", "this time is still to come"))
    return at or now


def _keys(given: Sequence[Identifier], vault: Vault, source: str, now: datetime, faults: Faults) -> tuple[Keyed, ...]:
    """The source's own number of him first; without a system before it, it is this source's.

    Who has none there is known by his first address, in that source alone: the same number in two sources is two
    records, which are joined where it is proved, and can be taken apart again.
    """
    if not given or len(given) > MOST_IDENTIFIERS:
        faults.found.append(Problem("identifiers", f"between 1 and {MOST_IDENTIFIERS} identifiers"))
        return ()
    found = []
    for at, each in enumerate(given):
        if each.verified_at is not None and each.verified_at > now + _AHEAD:
            faults.found.append(Problem(f"identifiers[{at}].verified_at", "this time is still to come"))
        own = each.kind == "external" and ":" not in each.value
        key = faults.tried(f"identifiers[{at}].value", keyed, vault, external(source, each.value) if own else each)
        if key is not None:
            found.append(key)
    if not found:
        return ()
    first = next((key for key in found if key.kind == "external" and key.value.startswith(f"{source}:")), None)
    if first is None:
        named = keyed(vault, external(source, f"{found[0].kind}:{found[0].value}"))
        first = named._replace(masked=found[0].masked)
    return (first, *(key for key in found if key is not first))
