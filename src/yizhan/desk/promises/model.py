"""What is recognised in an agent's words, and the spans that count."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from yizhan.records.promises import PromiseKind


class Recognised(msgspec.Struct, frozen=True):
    """A promise as it stands in a text: the sentence, what it is about, and the instant by which it is to be kept."""

    text: str
    kind: PromiseKind
    due: datetime


class PromiseRules(msgspec.Struct, frozen=True, kw_only=True):
    """`remind_before` its time the agent is told, `lead_after` it the 组长; replies within `settling` keep nothing."""

    remind_before: timedelta
    lead_after: timedelta
    settling: timedelta
    source: str
