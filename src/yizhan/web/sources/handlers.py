"""The push API: lists of at most 1,000 rows, which may come again as often as they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Response, put
from msgspec import Meta

from yizhan.desk import sources
from yizhan.desk.sources import Did, OrderIn, Outcome, Problem, ProfileIn, Reading
from yizhan.foundation.db import Tx
from yizhan.records import inboxes
from yizhan.records.agents import Permission
from yizhan.records.config import in_chinese
from yizhan.records.profiles import SourceKey
from yizhan.web.call import Call
from yizhan.web.given import GivenCall, JSONBody
from yizhan.web.guards import permits

T = TypeVar("T")

PUSH = [permits(Permission.CUSTOMER_IMPORT)]
MOST_ROWS = 1_000
_AT_ONCE = 100  # between these others get their turn: this is the process that chats live in


class Rows(msgspec.Struct):
    """`source` is the key of the system that tells: what it says again changes what it said, never what others say.

    A row of profiles: `id` (the customer's number there), `identifiers` [{kind, value, verified_at, inbox}], `name`,
    `level`, `fields`, `at`. A row of orders: `number`, `customer`, `identifiers`, `status`, `total_fen` or `total`,
    `currency`, `placed_at`, `lines` [{sku, title, count, price_fen}], `address`, `url`, `brand`,
    `at`, `tracking` {carrier, number, state, arrives_on, events [{at, text, place}]}.
    """

    source: SourceKey
    rows: Annotated[list[Any], Meta(min_length=1, max_length=MOST_ROWS)]


class ProblemShape(msgspec.Struct):
    field: str
    message: str
    zh: str | None


class RowOutcome(msgspec.Struct):
    """`row` counts from 0."""

    row: int
    did: Did
    contact_id: UUID | None
    problems: list[ProblemShape]


class Pushed(msgspec.Struct):
    """How many rows became what, and each of them."""

    counts: dict[str, int]
    rows: list[RowOutcome]


@put("/profiles", guards=PUSH)
async def push_profiles(data: JSONBody[Rows], call: GivenCall) -> Response[Pushed]:
    """Good rows go in whatever is wrong with others. What is not named in a row stays; null takes it back."""
    rules = call.services.profile_book.now

    async def verb(tx: Tx) -> Pushed:
        reading = await _reading(tx, call, data.rows)

        async def taken(rows: Sequence[ProfileIn]) -> list[Outcome]:
            return await sources.put_profiles(
                tx, call.services.vault, rows, source=data.source, rules=rules, now=call.now, by=call.actor
            )

        return await _pushed([reading.profile(row) for row in data.rows], taken)

    return await call.write(verb)


@put("/orders", guards=PUSH)
async def push_orders(data: JSONBody[Rows], call: GivenCall) -> Response[Pushed]:
    """Good rows go in whatever is wrong with others. An older `at` never overwrites a newer one."""

    async def verb(tx: Tx) -> Pushed:
        reading = await _reading(tx, call, data.rows)

        async def taken(rows: Sequence[OrderIn]) -> list[Outcome]:
            return await sources.put_orders(
                tx, call.services.vault, rows, source=data.source, now=call.now, by=call.actor
            )

        return await _pushed([reading.order(row) for row in data.rows], taken)

    return await call.write(verb)


async def _reading(tx: Tx, call: Call, rows: Sequence[object]) -> Reading:
    named = any(sources.names_inbox(row) for row in rows)
    known = await inboxes.inboxes(tx, call.services.vault) if named else []
    return Reading(call.services.profile_book.now, {inbox.key: inbox.id for inbox in known})


async def _pushed(
    read: Sequence[T | tuple[Problem, ...]], taken: Callable[[Sequence[T]], Awaitable[list[Outcome]]]
) -> Pushed:
    good = [row for row in read if not isinstance(row, tuple)]
    told: list[Outcome] = []
    for at in range(0, len(good), _AT_ONCE):
        told += await taken(good[at : at + _AT_ONCE])
    following = iter(told)
    outcomes = [Outcome(Did.REFUSED, problems=row) if isinstance(row, tuple) else next(following) for row in read]
    counts = Counter(str(each.did) for each in outcomes)
    return Pushed(dict(counts), [_shape(at, each) for at, each in enumerate(outcomes)])


def _shape(at: int, told: Outcome) -> RowOutcome:
    problems = [ProblemShape(each.field, each.message, in_chinese(each.message)) for each in told.problems]
    return RowOutcome(at, told.did, told.contact_id, problems)


routes = (push_profiles, push_orders)
