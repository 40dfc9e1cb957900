"""The document `macro`, and the macros a new house begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yizhan.desk.macros.model import Macro, MacroEnd, MacroWait
from yizhan.desk.macros.policy import check_steps
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Around, Kind, Places, Published, Ref, check_places, type_tree
from yizhan.records.tickets import WaitingReason


def _verify(document: Macro, there: Places) -> None:
    check_places(document, there)
    if document.team is not None and document.team not in there.teams:
        raise Invalid(f"{document.team} does not exist", "team")


def _refers_to(document: Macro) -> Iterable[Ref]:
    return [Ref("quick_reply", document.reply)] if document.reply else []


def _advise(document: Macro, around: Around) -> Iterable[Advice]:
    tree = type_tree(around.published)
    for at, key in enumerate(document.types):
        if key not in tree:
            yield Advice(f"types[{at}]", f"there is no ticket type {key}: nobody sees it first")
    if document.type is not None and document.type not in tree:
        yield Advice("type", f"there is no ticket type {document.type}")


_SHIPPED: Mapping[str, Macro] = {
    "solved": Macro(
        title="已解决,结束会话", title_en="Solved: end it", reply="closing", end=MacroEnd(),
    ),
    "checking": Macro(
        title="查询中,稍后答复", title_en="Looking into it", reply="please_wait",
        wait=MacroWait(reason=WaitingReason.INTERNAL, hours=4),
    ),
    "refund": Macro(
        title="退款已申请", title_en="Refund on its way", types=("refund",), reply="refund", type="refund",
        wait=MacroWait(reason=WaitingReason.THIRD_PARTY, hours=72),
    ),
    "sorry": Macro(
        title="致歉,优先级设为高", title_en="Apologise, priority high", types=("complaint",), reply="sorry",
        priority=3,
    ),
}  # fmt: skip

MACRO = Kind(
    "macro", Macro, check_steps, refers_to=_refers_to, verify=_verify, title=("快捷操作", "Macros"), advise=_advise,
    more=_SHIPPED,
)  # fmt: skip


class MacroBook:
    """The macros of the release in force, by name; what ships, until it takes one."""

    def __init__(self) -> None:
        self.now: Mapping[str, Macro] = MACRO.more

    def take(self, published: Published) -> None:
        self.now = {name: each for name, each in published.all(MACRO).items() if each.enabled}
