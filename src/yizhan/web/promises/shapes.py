"""What goes over the wire about promises."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.desk.views import PromiseFigures, PromiseRow
from yizhan.records.promises import PromiseKind

Words = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Instant = Annotated[datetime, Meta(tz=True)]


class RecogniseRequest(msgspec.Struct):
    text: Annotated[str, Meta(max_length=20_000, pattern=r"^[^\x00]*$")]


class RecognisedShape(msgspec.Struct):
    text: str
    kind: PromiseKind
    due: datetime


class RecognisedAnswer(msgspec.Struct):
    """`found` is null where nothing is promised."""

    found: RecognisedShape | None


class NewPromiseRequest(msgspec.Struct):
    text: Words
    due: Instant
    kind: PromiseKind = PromiseKind.ACT


class WithdrawRequest(msgspec.Struct):
    reason: Words


class PromiseShape(msgspec.Struct):
    promise: PromiseRow


class PromiseList(msgspec.Struct):
    items: list[PromiseRow]


class PromiseReport(msgspec.Struct):
    """Of the promises given from `start` until `end`."""

    start: datetime
    end: datetime
    items: list[PromiseFigures]
