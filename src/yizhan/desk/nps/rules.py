"""The document `nps_campaign`: who is asked, how often, when, where, and what a low score leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from msgspec import Meta

from yizhan.desk.nps.model import Run
from yizhan.foundation.conditions import Condition, Field, FieldSet, FieldType, Leaf, Not, Op, contradiction, parse
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Around, Kind, Places, Published, of_condition

Word = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

FIELDS = FieldSet([
    Field("level", FieldType.NUMBER, "会员等级", "membership level"),
    Field("language", FieldType.TEXT, "语言", "language", choices=("zh", "en")),
    Field("segment", FieldType.LIST, "客户分层", "customer segment", document="segment"),
    Field("known_days", FieldType.NUMBER, "成为客户的天数", "days since first known"),
    Field("brand", FieldType.LIST, "业务线", "brand"),
    Field("channel", FieldType.LIST, "渠道", "channel", choices=("webchat", "email", "generic")),
    Field("inbox", FieldType.LIST, "接入点", "inbox"),
    Field("team", FieldType.LIST, "客服组", "team"),
    Field("types", FieldType.LIST, "工单类型(含下级)", "ticket type or one above"),
    Field("tags", FieldType.LIST, "标签", "tags"),
    Field("conversations", FieldType.NUMBER, "会话数", "conversations"),
    Field("tickets", FieldType.NUMBER, "工单数", "tickets"),
    Field("complaints", FieldType.NUMBER, "投诉数", "complaints"),
    Field("stars", FieldType.NUMBER, "平均星级", "average stars"),
    Field("last_contact_days", FieldType.NUMBER, "距上次来访(天)", "days since the last contact"),
])  # fmt: skip
"""Of the customer himself, and of his service in the look-back; brands, inboxes and teams by their keys."""


class Every(StrEnum):
    ONCE = "once"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS: Mapping[Every, int] = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


class AskOn(StrEnum):
    MAIL = "email"  # by a signed link
    WIDGET = "webchat"  # at his next visit


class NpsTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Word
    en: Word


class NpsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Those served in the last `look_back_days` for whom `when` holds; of them a share, drawn by `seed`.

    Asked from `starts` on, each period, for `ask_days`, between `from_time` and `until_time` within the house's hours,
    `per_minute` at most; whoever was asked anything in `quiet_days` is left in peace. `ask_on`: the first that reaches
    him. Answers are taken for `answer_days` from the start.
    """

    title: NpsTitle
    enabled: bool = False
    when: dict[str, Any] | list[Any] = {}
    look_back_days: Annotated[int, Meta(ge=1, le=400)] = 90
    every: Every = Every.QUARTER
    starts: date
    ask_days: Annotated[int, Meta(ge=1, le=60)] = 7
    answer_days: Annotated[int, Meta(ge=1, le=90)] = 21
    from_time: Clock = "10:00"
    until_time: Clock = "20:00"
    share_percent: Annotated[int, Meta(ge=1, le=100)] = 20
    seed: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    quiet_days: Annotated[int, Meta(ge=1, le=400)] = 90
    ask_on: Annotated[tuple[AskOn, ...], Meta(min_length=1, max_length=2)] = (AskOn.MAIL, AskOn.WIDGET)
    per_minute: Annotated[int, Meta(ge=1, le=600)] = 60
    follow_up: bool = True
    follow_up_team: Annotated[str, Meta(min_length=1, max_length=80)] | None = None

    @property
    def condition(self) -> Condition:
        return parse(self.when, FIELDS)

    @property
    def window(self) -> tuple[time, time]:
        return time.fromisoformat(self.from_time), time.fromisoformat(self.until_time)


SHIPPED = NpsDocument(title=NpsTitle("季度 NPS 调查", "Quarterly NPS"), starts=date(2026, 1, 12))
"""Switched off: a house that wants to ask says so."""


def _check(document: NpsDocument) -> None:
    condition = document.condition
    if reason := contradiction(condition):
        raise Invalid(f"nobody would ever be asked: {reason}", "when")
    begin, end = document.window
    if begin >= end:
        raise Invalid("it must be later than from_time", "until_time")
    if len(set(document.ask_on)) != len(document.ask_on):
        raise Invalid("a channel is named twice", "ask_on")
    if document.answer_days < document.ask_days:
        raise Invalid("answers are taken at least as long as people are asked", "answer_days")
    months = MONTHS.get(document.every)
    if months is not None and document.answer_days > months * 28:
        raise Invalid("the next period would begin before this one is over", "answer_days")


def _verify(document: NpsDocument, places: Places) -> None:
    for leaf in _leaves(document.condition):
        known = places.keys.get(leaf.field.name)
        values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        if known is None or leaf.op not in (Op.CONTAINS, Op.IN, Op.NOT_IN):
            continue
        for value in values:
            if value not in known:
                raise Invalid(f"there is no {leaf.field.name} with the key {value}", "when")
    if document.follow_up_team is not None and document.follow_up_team not in places.keys.get("team", frozenset()):
        raise Invalid(f"there is no team with the key {document.follow_up_team}", "follow_up_team")


def _advise(document: NpsDocument, around: Around) -> Iterable[Advice]:
    yield from of_condition(document.condition, "when", around)


def _leaves(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
        return
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    for part in parts:
        yield from _leaves(part)


NPS_CAMPAIGN = Kind(
    "nps_campaign", NpsDocument, _check, verify=_verify, title=("NPS 调查", "NPS campaign"), fields=FIELDS,
    default=SHIPPED, advise=_advise,
)  # fmt: skip


def campaigns(published: Published) -> Mapping[str, NpsDocument]:
    return published.all(NPS_CAMPAIGN)


def campaign_of(published: Published, name: str) -> tuple[NpsDocument, str]:
    """With the version it is of, as `nps_campaign/default@3`. Raises NotFound."""
    document = published.get(NPS_CAMPAIGN, name)
    return document, f"nps_campaign/{name}@{published.document(NPS_CAMPAIGN.name, name).version}"


def document_of(run: Run) -> NpsDocument:
    """The rules a run began with."""
    return msgspec.convert(run.rules, NpsDocument)


def subject_of(name: str) -> UUID:
    """What the timers of a campaign are of."""
    return uuid5(NAMESPACE_URL, f"nps_campaign/{name}")
