"""The document `blacklist`: how long, after how many warnings, and what is said."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.desk.words import ensure_fits, texts_in
from yizhan.records.config import Kind, Published

Sentence = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Sentence
    en: Sentence

    def to(self, locale: str | None) -> str:
        return self.en if (locale or "").lower().startswith("en") else self.zh


class BlacklistDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`warnings` come before somebody is limited for `hours`; one older than `remember_days` counts no more.

    Who is limited is told so at most once in `tell_again_minutes`. What nobody looked at for `review_days` is on the
    list of what is to be reviewed.
    """

    hours: Annotated[int, Meta(ge=1, le=24 * 30)] = 24
    warnings: Annotated[int, Meta(ge=0, le=5)] = 1
    remember_days: Annotated[int, Meta(ge=1, le=365)] = 30
    tell_again_minutes: Annotated[int, Meta(ge=1, le=24 * 60)] = 60
    review_days: Annotated[int, Meta(ge=1, le=90)] = 7
    warning: Said = Said(
        "为了更好地解决您的问题,请您文明沟通。如继续出现不文明或与咨询无关的内容,我们将暂停本次服务。",
        "We want to solve this for you. Please keep it civil and to the point, or we will have to pause this service.",
    )
    farewell: Said = Said(
        "由于多次出现不文明或与咨询无关的内容,本次会话已结束,在线服务将暂停一段时间。感谢您的理解。",
        "This conversation ends here, and online service is paused for a while. Thank you for understanding.",
    )
    turned_away: Said = Said(
        "您好,您的留言我们已收到并保存,当前暂时无法提供在线服务。如遇着火、漏电、受伤等安全问题请直接说明,我们会立即处理。",
        "We have received and kept your message; online service is paused for now. If there is fire, electric shock or "
        "injury, please say so and we will act at once.",
    )


def _fits(document: BlacklistDocument, among: Published) -> None:
    ensure_fits(texts_in(msgspec.to_builtins(document)), among)


SHIPPED = BlacklistDocument()
BLACKLIST = Kind("blacklist", BlacklistDocument, title=("黑名单", "Blacklist"), default=SHIPPED, fits=_fits)
