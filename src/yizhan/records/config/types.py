"""The tree of ticket types 工单类型: what rules, clocks, forms and people call a matter.

A key holds its place in the tree: `complaint.quality` stands below `complaint`, so whoever asks for a type by its key
also means what stands below it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Invalid
from yizhan.records.config.model import DEFAULT, Kind
from yizhan.records.config.policy import Published

UNSORTED = "other"
"""What a ticket is until somebody or some rule knows better."""
OWN_WORDS_LENGTH = 10

TypeKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,29}(\.[a-z][a-z0-9_]{0,29}){0,3}$")]
_Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]


class TypeNode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`priority` is the least a matter of this type has; `own_words` asks whoever completes it for words of his own.

    What is left out is as above it. A `retired` one is kept for the tickets that have it and offered for no other.
    """

    key: TypeKey
    zh: _Word
    en: _Word
    priority: Annotated[int, Meta(ge=1, le=4)] | None = None
    own_words: bool | None = None
    retired: bool = False


class TicketTypes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    types: Annotated[tuple[TypeNode, ...], Meta(min_length=1, max_length=300)]


class TypeTree:
    """A released tree, in the order it is written."""

    def __init__(self, document: TicketTypes) -> None:
        self.nodes: Mapping[str, TypeNode] = {node.key: node for node in document.types}

    def __contains__(self, key: object) -> bool:
        return key in self.nodes

    @cached_property
    def offered(self) -> tuple[TypeNode, ...]:
        """Those a ticket may newly be given: neither they nor one above them is retired."""
        return tuple(n for n in self.nodes.values() if not any(self.nodes[k].retired for k in path_of(n.key)))

    def check(self, key: str, field: str = "type", *, kept: str | None = None) -> str:
        """Raises Invalid for a type that nobody released; `kept` is the one the ticket has already."""
        if key != kept and not any(node.key == key for node in self.offered):
            raise Invalid(f"there is no ticket type {key}", field)
        return key

    def known(self, key: str) -> str:
        """The key itself, or the nearest above it that there is: a newer release may have dropped it."""
        return next((each for each in reversed(path_of(key)) if each in self.nodes), UNSORTED)

    def own_words(self, key: str) -> bool:
        said = (self.nodes[each].own_words for each in reversed(path_of(key)) if each in self.nodes)
        return next((each for each in said if each is not None), False)

    def priority(self, key: str) -> int | None:
        said = (self.nodes[each].priority for each in reversed(path_of(key)) if each in self.nodes)
        return next((each for each in said if each is not None), None)

    def raised(self, key: str, priority: int) -> int:
        """The priority a matter has once it is of this type: the type's own is the least."""
        return max(priority, self.priority(key) or priority)

    def name(self, key: str) -> str:
        """What it is called in Chinese; the key of one that a newer release dropped."""
        node = self.nodes.get(key)
        return node.zh if node is not None else key

    def check_words(self, key: str, text: str) -> None:
        """投诉 and 退款 are completed in the agent's own words, where the tree says so."""
        if self.own_words(key) and len(text.strip()) < OWN_WORDS_LENGTH:
            raise Invalid(f"a {key} needs at least {OWN_WORDS_LENGTH} characters in your own words", "text")


@lru_cache(1_000)  # of the few keys of a tree
def path_of(key: str) -> tuple[str, ...]:
    """From the root down: `complaint`, `complaint.quality`."""
    parts = key.split(".")
    return tuple(".".join(parts[: at + 1]) for at in range(len(parts)))


def is_within(key: str, keys: Collection[str]) -> bool:
    """Whether a type is one of these or stands below one of them."""
    return any(each in keys for each in path_of(key))


def check_types(published: Published, named: Iterable[tuple[str, str]]) -> None:
    """Raises Invalid for a type that the release does not have; `named` are (key, the place where it is named)."""
    tree = type_tree(published)
    for key, place in named:
        if key not in tree:
            raise Invalid(f"there is no ticket type {key}", place)


def _check(document: TicketTypes) -> None:
    keys: set[str] = set()
    names: set[tuple[str, str]] = set()
    for at, node in enumerate(document.types):
        if node.key in keys:
            raise Invalid(f"two types have the key {node.key}", f"types[{at}].key")
        above = node.key.rpartition(".")[0]
        if above and above not in keys:
            raise Invalid(f"{above} must stand above {node.key}", f"types[{at}].key")
        for field, word in (("zh", node.zh), ("en", node.en)):
            if (f"{field} {above}", word.casefold()) in names:
                raise Invalid(f"two types of one place are called {word}", f"types[{at}].{field}")
            names.add((f"{field} {above}", word.casefold()))
        keys.add(node.key)
    unsorted = next((node for node in document.types if node.key == UNSORTED), None)
    if unsorted is None or unsorted.retired:
        raise Invalid(f"a ticket that nobody has sorted is of type {UNSORTED}: it must be there", "types")


def _check_together(documents: Mapping[str, TicketTypes]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one tree for the whole house, named {DEFAULT}", f"ticket_types/{name}")


def _node(key: str, zh: str, en: str, *, own_words: bool | None = None) -> TypeNode:
    return TypeNode(key=key, zh=zh, en=en, own_words=own_words)


SHIPPED_TYPES = TicketTypes(types=(
    _node("consult", "咨询", "Question"),
    _node("consult.product", "商品咨询", "Product"),
    _node("consult.delivery", "物流配送", "Delivery"),
    _node("consult.invoice", "发票", "Invoice"),
    _node("consult.promotion", "优惠活动", "Promotion"),
    _node("aftersale", "售后", "After-sales"),
    _node("aftersale.repair", "维修", "Repair"),
    _node("aftersale.install", "安装", "Installation"),
    _node("aftersale.missing", "少发错发", "Missing or wrong item"),
    _node("refund", "退款", "Refund", own_words=True),
    _node("refund.only", "仅退款", "Refund only"),
    _node("refund.return", "退货退款", "Return and refund"),
    _node("refund.exchange", "换货", "Exchange"),
    _node("complaint", "投诉", "Complaint", own_words=True),
    _node("complaint.service", "服务态度", "Service"),
    _node("complaint.quality", "产品质量", "Product quality"),
    _node("complaint.delivery", "物流配送", "Delivery"),
    _node("suggest", "建议", "Suggestion"),
    _node("praise", "表扬", "Praise"),
    _node("callback", "回访", "Follow-up call"),
    _node("other", "其他", "Other"),
))  # fmt: skip
"""What a new house begins with."""

TICKET_TYPES = Kind(
    "ticket_types", TicketTypes, _check, check_together=_check_together, title=("工单类型", "Ticket types"),
    default=SHIPPED_TYPES,
)  # fmt: skip

SHIPPED_TREE = TypeTree(SHIPPED_TYPES)


def type_tree(published: Published) -> TypeTree:
    document = published.find(TICKET_TYPES, DEFAULT)
    return SHIPPED_TREE if document is None else TypeTree(document)


class TypeBook:
    """The tree in force in this process."""

    def __init__(self) -> None:
        self.tree = SHIPPED_TREE

    def take(self, published: Published) -> None:
        self.tree = type_tree(published)
