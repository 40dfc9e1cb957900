"""The words of macros."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Conflict, DomainError
from yizhan.records.conversations import Solved
from yizhan.records.tickets import WaitingReason

Title = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
TypeKey = Annotated[str, Meta(min_length=1, max_length=130)]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]


class MacroWait(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`hours` from the click on it is followed up; only what the customer owes us needs none."""

    reason: WaitingReason
    hours: Annotated[int, Meta(ge=1, le=720)] | None = None


class MacroEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Without `text` the 服务小结 is the one proposed for the conversation."""

    solved: Solved = Solved.SOLVED
    text: Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")] = ""


class Macro(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`reply` names a quick reply. `types`: tickets of these types and below see it first; `teams` and `inboxes` narrow
    down who is offered it. `team` is whom the work goes to."""

    title: Title
    title_en: Annotated[str, Meta(max_length=60)] = ""
    types: tuple[TypeKey, ...] = ()
    reply: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    type: TypeKey | None = None
    priority: Annotated[int, Meta(ge=1, le=4)] | None = None
    add_tags: Annotated[tuple[Tag, ...], Meta(max_length=20)] = ()
    remove_tags: Annotated[tuple[Tag, ...], Meta(max_length=20)] = ()
    end: MacroEnd | None = None
    wait: MacroWait | None = None
    team: UUID | None = None
    teams: tuple[UUID, ...] = ()
    inboxes: tuple[UUID, ...] = ()
    enabled: bool = True


class MacroDeed(StrEnum):
    """In the order in which they are done: the customer hears first, what gives the work away comes last."""

    REPLY = "reply"
    CHANGE = "change"  # type, priority
    TAG = "tag"
    END = "end"  # a live conversation, with its 服务小结
    SUBMIT = "submit"  # a ticket without one: 提交待确认
    WAIT = "wait"
    TRANSFER = "transfer"  # a live conversation
    ASSIGN = "assign"  # a ticket without one


_CALLED = {
    MacroDeed.REPLY: "回复客户", MacroDeed.CHANGE: "修改工单", MacroDeed.TAG: "修改标签", MacroDeed.END: "结束会话",
    MacroDeed.SUBMIT: "提交待确认", MacroDeed.WAIT: "挂起", MacroDeed.TRANSFER: "转接", MacroDeed.ASSIGN: "转派",
}  # fmt: skip


class MacroStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it would be done now; only the parts of its deed are set.

    `text` is what the customer reads, or the 服务小结: empty for the one that writes itself. `missing` are gaps of a
    reply that nothing fills.
    """

    deed: MacroDeed
    text: str = ""
    missing: tuple[str, ...] = ()
    type: str | None = None
    priority: int | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    solved: Solved | None = None
    reason: WaitingReason | None = None
    hours: int | None = None
    team_id: UUID | None = None


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan depends on. `live`: a conversation of the ticket is being served now."""

    type: str
    priority: int
    tags: Sequence[str]
    live: bool
    words: str = ""
    missing: tuple[str, ...] = ()


class StepRefused(Conflict):
    """One step may not be done, so nothing was; `cause` is why."""

    code = "macro_refused"

    def __init__(self, deed: MacroDeed, cause: DomainError) -> None:
        super().__init__(f"{deed}: {cause.message}")
        self.deed = deed
        self.cause = cause

    @property
    def step_zh(self) -> str:
        return _CALLED[self.deed]
