"""What is counted of an agent's work, and what lies behind a figure."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Figure(StrEnum):
    """The figures that open the conversations behind them."""

    SERVED = "served"  # 接待量
    FIRST = "first"  # 首次响应, the longest first
    RESPONSE = "response"  # 平均响应, the longest first
    LENGTH = "length"  # 会话时长, the longest first
    SOLVED = "solved"  # 解决率: what was judged, 未解决 first
    CSAT = "csat"  # 满意度, the fewest stars first
    RATED = "rated"  # 参评率: whoever said anything, excluded ones too
    HANDED_ON = "handed_on"  # 转出
    REPEATED = "repeated"  # 重复进线
    EXCLUDED = "excluded"  # 申诉成立


class AgentDay(msgspec.Struct, frozen=True, kw_only=True):
    """Of the conversations that came to the agent on that day of the house's time zone. Sums, so that days add up.

    `turns` are answers to a waiting customer, `waited_s` what they waited for him together while he worked: his breaks
    and his time 离线 are not counted; `starred`, `judged` and
    their sums leave out what was excluded by an appeal.
    """

    day: date
    served: int
    first_replies: int
    first_reply_s: int
    turns: int
    waited_s: int
    ended: int
    length_s: int
    handed_on: int
    repeated: int
    asked: int
    rated: int
    starred: int
    stars: int
    judged: int
    solved: int
    excluded: int


class Middle(msgspec.Struct, frozen=True):
    """The median of his teams' other people, by figure; a figure that too few of them have is left out."""

    colleagues: int
    values: dict[str, float]


class StateDay(msgspec.Struct, frozen=True):
    """Seconds in each state of presence on a day of the house's time zone."""

    day: date
    states: dict[str, int]


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation behind a figure."""

    conversation_id: UUID
    ticket_id: UUID | None
    ticket_number: int | None
    subject: str | None
    contact_name: str
    given_at: datetime
    first_reply_s: int | None
    response_s: int | None
    length_s: int | None
    solved: bool | None
    stars: int | None
    handed_on: bool
    repeated: bool
    excluded: bool


class Change(msgspec.Struct):
    """What a batch of the journal says of one conversation in one agent's hands."""

    conversation_id: UUID
    agent_id: UUID
    given_at: datetime | None = None
    first_s: int | None = None
    turns: int = 0
    waited_s: int = 0
    waits: list[tuple[datetime, datetime]] = []
    replies: int = 0
    left_at: datetime | None = None
    handed_on: bool = False
    ended: bool = False
    asked: bool = False
    rated: bool = False
    solved: bool | None = None
    stars: int | None = None
    excluded: bool | None = None
    ticket_id: UUID | None = None
