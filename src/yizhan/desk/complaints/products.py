"""Which product a complaint is about: as the rules name it, else by the ticket's own field, else by what was ordered.

What the rules do not name is kept under the title the order has, so that cases count together in a house that has
written nothing down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from yizhan.desk import views
from yizhan.desk.complaints import store
from yizhan.desk.complaints.policy import Rulebook
from yizhan.desk.views import OWN
from yizhan.foundation.db import Tx
from yizhan.foundation.text import fold
from yizhan.records.tickets import Ticket

FIELD = f"{OWN}product"
_ASKED = frozenset({"text", FIELD})
_BOUGHT = timedelta(days=2 * 365)
_LONGEST = 80
_HEAD = re.compile(r"[一-鿿]{2,}|[A-Za-z]{3,}")
_GRAM = 3  # characters that a customer says of a longer name: 净化器 of 空气净化器


class Clues(msgspec.Struct, frozen=True):
    """The customer's words, what stands in the field, titles of the order the ticket names, and all that he bought."""

    text: str
    named: str
    ordered: Sequence[str]
    bought: Sequence[str]


def product_by(clues: Clues, book: Rulebook) -> str | None:
    """A key of the rules or a title; None where it could be one of several."""
    if (said := book.product_in(clues.text)) is not None:
        return said
    if clues.named:
        same = [title for title in (*clues.ordered, *clues.bought) if _same(title, clues.named)]
        return _known(same[0] if same else clues.named, book)
    ordered = list(dict.fromkeys(clues.ordered))
    meant = next((each for each in (ordered, _said_of(ordered, clues.text), _said_of(clues.bought, clues.text))
                  if len(each) == 1), None)  # fmt: skip
    return _known(meant[0], book) if meant else None


async def product_of(tx: Tx, ticket: Ticket, book: Rulebook, now: datetime) -> str | None:
    facts = (await views.work_facts(tx, [ticket.id], now=now, fields=_ASKED))[ticket.id]
    ordered, bought = await store.titles_bought(tx, ticket.contact_id, ticket.order_no, now - _BOUGHT)
    named = facts.get(FIELD)
    clues = Clues(str(facts.get("text") or ""), named if isinstance(named, str) else "", ordered, bought)
    return product_by(clues, book)


def _known(title: str, book: Rulebook) -> str:
    return book.product_in(title) or " ".join(title.split())[:_LONGEST]


def _same(title: str, named: str) -> bool:
    one, other = fold(title).text, fold(named).text
    return bool(other) and (other in one or one in other)


def _said_of(titles: Iterable[str], text: str) -> list[str]:
    said = fold(text).text
    return [title for title in dict.fromkeys(titles) if any(part in said for part in _parts(title))]


def _parts(title: str) -> list[str]:
    head = _HEAD.search(title)
    if head is None:
        return []
    plain = fold(head[0]).text
    if plain.isascii() or len(plain) <= _GRAM:
        return [plain]
    return [plain[at : at + _GRAM] for at in range(len(plain) - _GRAM + 1)]
