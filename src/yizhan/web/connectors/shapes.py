"""What goes over the wire about connectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.connectors import Looked, Outage, Preview, RowProblem, Run, State
from yizhan.records.config import in_chinese
from yizhan.records.orders import Order, OrderLine, OrderStatus, Tracking, masked, parcel_of


class ConnectorShape(msgspec.Struct):
    """`released` is False for what was saved and is not in force. `secrets` that may be set, and which are."""

    name: str
    zh: str
    en: str
    source: str
    on: bool
    released: bool
    looks_up: bool
    asks_by: str | None
    every_minutes: int | None
    secrets: list[str]
    secrets_set: list[str]
    cause: Outage | None
    detail: str
    detail_zh: str
    failing_since: datetime | None
    tried_at: datetime | None
    succeeded_at: datetime | None
    next_at: datetime | None


class ConnectorList(msgspec.Struct):
    items: list[ConnectorShape]


class ConnectorSecretsRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays; null takes it away."""

    secrets: dict[Annotated[str, Meta(max_length=20)], str | None]


class ConnectorSecrets(msgspec.Struct):
    secrets_set: list[str]


class TrialRequest(msgspec.Struct, forbid_unknown_fields=True):
    """`value`: whom to look up; empty, the first page of a pull is asked for."""

    value: Annotated[str, Meta(max_length=254)] = ""


class RowTrouble(msgspec.Struct):
    """`row` counts from 0; `field` is the place in the mapping."""

    what: str
    row: int
    field: str
    message: str
    zh: str


class ConnectorTrial(msgspec.Struct):
    """What the answer would have become; nothing of it is kept."""

    profiles: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    rows: int
    problems: list[RowTrouble]
    cause: Outage | None
    detail: str
    detail_zh: str


class ConnectorRun(msgspec.Struct):
    id: UUID
    why: str
    started_at: datetime
    ended_at: datetime | None
    pages: int
    created: int
    changed: int
    same: int
    refused: int
    cause: Outage | None
    detail: str
    detail_zh: str
    problems: list[RowTrouble]


class ConnectorRuns(msgspec.Struct):
    items: list[ConnectorRun]


class PullBegun(msgspec.Struct):
    id: UUID


class SourceOrder(msgspec.Struct):
    """`masked`: before the customer has shown who he is, its lines, amount and tracking are not told."""

    id: UUID
    source: str
    number: str
    status: OrderStatus
    total_fen: int | None
    currency: str
    placed_at: datetime
    changed_at: datetime
    lines: tuple[OrderLine, ...]
    tracking: Tracking | None
    masked: bool = False


class LookedShape(msgspec.Struct):
    """How the sources stand with this customer, and what is known of his orders, the latest first."""

    sources: list[Looked]
    orders: list[SourceOrder]


def run_shape(run: Run) -> ConnectorRun:
    return ConnectorRun(
        run.id, run.why, run.started_at, run.ended_at, run.pages, run.created, run.changed, run.same, run.refused,
        run.cause, run.detail, spoken(run.detail), troubles(run.problems),
    )  # fmt: skip


def order_shape(order: Order, shown: bool) -> SourceOrder:
    if not shown:
        return SourceOrder(
            order.id, order.source, masked(order.number), order.status, None, order.currency, order.placed_at,
            order.changed_at, (), None, masked=True,
        )  # fmt: skip
    return SourceOrder(
        order.id, order.source, order.number, order.status, order.total_fen, order.currency, order.placed_at,
        order.changed_at, order.document.lines, parcel_of(order.document.tracking, order.status),
    )  # fmt: skip


def standing(state: State) -> dict[str, Any]:
    """By the names of the fields of a ConnectorShape."""
    names = ("cause", "detail", "failing_since", "tried_at", "succeeded_at", "next_at")
    return {**{name: getattr(state, name) for name in names}, "detail_zh": spoken(state.detail)}


def spoken(detail: str) -> str:
    """In Chinese, with its place in the mapping before it; as it was said where nobody has words for it."""
    whole = in_chinese(detail)
    path, colon, words = detail.partition(": ")
    if whole is not None or not colon:
        return whole or detail
    told = in_chinese(words)
    return f"{path}：{told}" if told is not None else detail


def troubles(problems: Sequence[RowProblem]) -> list[RowTrouble]:
    return [RowTrouble(p.what, p.row, p.field, p.message, spoken(p.message)) for p in problems]


def trial_shape(preview: Preview) -> ConnectorTrial:
    return ConnectorTrial(
        list(preview.profiles), list(preview.orders), preview.rows, troubles(preview.problems), preview.cause,
        preview.detail, spoken(preview.detail),
    )  # fmt: skip
