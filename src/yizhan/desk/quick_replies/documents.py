"""The document `quick_reply`: one answer of the house, for whom it is and what it must say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.quick_replies.model import Fact, GuideStep
from yizhan.desk.quick_replies.policy import check_gaps
from yizhan.desk.quick_replies.shipped import SHIPPED
from yizhan.desk.quick_replies.shipped import Shipped as _Shipped
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Around, Kind, Published, check_places, type_tree

Title = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class QuickReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`types`: tickets of these types and below see it first; without any it is for all. `teams` and `inboxes` narrow
    down who is offered it. `facts` are what it must say before it goes: who leaves one out is warned."""

    title: Title
    title_en: Annotated[str, Meta(max_length=60)] = ""
    types: tuple[Annotated[str, Meta(max_length=130)], ...] = ()
    step: GuideStep | None = None
    text: Words
    text_en: Annotated[str, Meta(max_length=2_000, pattern=r"^[^\x00]*$")] = ""
    facts: tuple[Fact, ...] = ()
    teams: tuple[UUID, ...] = ()
    inboxes: tuple[UUID, ...] = ()
    enabled: bool = True


def _check(document: QuickReply) -> None:
    check_gaps(document.text, "text")
    check_gaps(document.text_en, "text_en")
    if len(set(document.facts)) != len(document.facts):
        raise Invalid("a fact is named twice", "facts")


def _advise(document: QuickReply, around: Around) -> Iterable[Advice]:
    tree = type_tree(around.published)
    for at, key in enumerate(document.types):
        if key not in tree:
            yield Advice(f"types[{at}]", f"there is no ticket type {key}: nobody sees it first")


def _document(of: _Shipped) -> QuickReply:
    return QuickReply(
        title=of.title, title_en=of.title_en, types=of.types, step=of.step, text=of.text, text_en=of.text_en,
        facts=of.facts,
    )  # fmt: skip


QUICK_REPLY = Kind(
    "quick_reply", QuickReply, _check, verify=check_places, title=("快捷回复", "Quick replies"), advise=_advise,
    more={name: _document(each) for name, each in SHIPPED.items()},
)  # fmt: skip


class ReplyBook:
    """The replies of the release in force, by name; what ships, until it takes one."""

    def __init__(self) -> None:
        self.now: Mapping[str, QuickReply] = QUICK_REPLY.more

    def take(self, published: Published) -> None:
        self.now = {name: each for name, each in published.all(QUICK_REPLY).items() if each.enabled}
