"""What goes over the wire about ratings."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.desk.views import RatingRow, TicketRatingRow
from yizhan.records.ratings import Cause

Words = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class RatingAnswer(msgspec.Struct):
    """`rating` is null where nothing was said yet."""

    rating: RatingRow | None
    may_invite: bool


class RatingShape(msgspec.Struct):
    rating: RatingRow


class RatingList(msgspec.Struct):
    items: list[RatingRow]


class TicketRatingList(msgspec.Struct):
    items: list[TicketRatingRow]


class AppealRequest(msgspec.Struct):
    cause: Cause
    words: Words


class AppealDecisionRequest(msgspec.Struct):
    accept: bool
    words: Words
    cause: Cause | None = None
