"""Who customers are by 微信客服: asked for once and remembered for a while, by one process for one inbox."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import msgspec

from yizhan.channels.wechat.kf.events import source_of
from yizhan.channels.wechat.qyapi import call
from yizhan.channels.wechat.xml import Tree, branch_of, branches_of, text_of
from yizhan.desk.channels import Line
from yizhan.foundation.errors import DomainError
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_AT_ONCE = 100
_MOST = 20_000
_REMEMBERED = timedelta(hours=12)


class Customer(msgspec.Struct, frozen=True):
    """`source` is where he came in last, as far as the vendor says it."""

    name: str = ""
    unionid: str = ""
    source: Mapping[str, str] = {}


class Memory:
    """Of one inbox; what is forgotten is asked for again. `kept`: sessions known to be ours; `greeted`: codes used."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Customer, datetime]] = OrderedDict()
        self.kept: OrderedDict[str, datetime] = OrderedDict()
        self.greeted: OrderedDict[str, datetime] = OrderedDict()

    def find(self, id: str, now: datetime) -> Customer | None:
        known = self._known.get(id)
        return known[0] if known is not None and now < known[1] else None

    def keep(self, id: str, customer: Customer, now: datetime) -> None:
        self._known[id] = customer, now + _REMEMBERED
        _shorten(self._known)

    def note(self, into: OrderedDict[str, datetime], id: str, until: datetime) -> None:
        into[id] = until
        _shorten(into)


def _shorten(
    many: OrderedDict[str, object] | OrderedDict[str, datetime] | OrderedDict[str, tuple[Customer, datetime]],
) -> None:
    while len(many) > _MOST:
        many.popitem(last=False)


_MEMORIES: WeakKeyDictionary[Line, Memory] = WeakKeyDictionary()


def memory_of(line: Line) -> Memory:
    """Lives as long as the line does."""
    return _MEMORIES.setdefault(line, Memory())


async def meet(line: Line, ids: Iterable[str], now: datetime) -> dict[str, Customer]:
    """Those the vendor tells of. A vendor that does not answer holds up no message: then it is without a name."""
    memory = memory_of(line)
    wanted = dict.fromkeys(ids)
    unknown = [id for id in wanted if memory.find(id, now) is None]
    for at in range(0, len(unknown), _AT_ONCE):
        try:
            await _ask(line, memory, unknown[at : at + _AT_ONCE], now)
        except DomainError as failure:
            log.warning("kf.customers_not_met", inbox=line.account.key, error=failure.message)
            break
    return {id: found for id in wanted if (found := memory.find(id, now)) is not None}


async def _ask(line: Line, memory: Memory, ids: list[str], now: datetime) -> None:
    asked = {"external_userid_list": ids, "need_enter_session_context": 1}
    answer = await call(line, "/cgi-bin/kf/customer/batchget", asked)
    told = {text_of(each, "external_userid"): _customer(each) for each in branches_of(answer, "customer_list")}
    for id in ids:  # of some the vendor tells nothing, and is not asked again with every message
        memory.keep(id, told.get(id, Customer()), now)


def _customer(said: Tree) -> Customer:
    source = source_of(branch_of(said, "enter_session_context"))
    return Customer(text_of(said, "nickname")[:80], text_of(said, "unionid")[:200], source)
