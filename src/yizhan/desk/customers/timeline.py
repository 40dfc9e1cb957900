"""One timeline over all that happened with a person, keyset-paged across its sources by (time, id).

Each source gives its newest entries below the place; the newest of them all are the page. What is kept under ids
that carry their time is ordered by them, so that one bound on the id is a place; orders and ratings have times of
their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.customers.model import Entry, EntryKind, Place
from yizhan.desk.customers.store import SQL, scope_of
from yizhan.desk.trail import Origin, source_name
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.ids import id_floor, id_time
from yizhan.records import orders
from yizhan.records.agents import Permission, Viewer

_K = EntryKind
_WORDS = frozenset({_K.MESSAGE, _K.CONVERSATION, _K.CALL, _K.TICKET, _K.NOTE, _K.RATING})
"""What only those read who may read tickets."""
_DIRECTIONS = {_K.MESSAGE: ("in", "out"), _K.NOTE: ("note",)}
_TELLING = (
    "text", "place", "group_name", "change", "scene", "key", "from", "scene_param", "template", "address", "type",
    "what",
)  # fmt: skip
"""Of what a channel tells of an act: which code, which item, which page."""
_INSTANT = timedelta(microseconds=1)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""Of no earlier time there are ids."""


async def timeline(
    tx: Tx, viewer: Viewer, person: UUID, kinds: Collection[EntryKind], *, shown: Collection[UUID] = (),
    before: Place | None = None, count: int = 50,
) -> list[Entry]:  # fmt: skip
    """Newest first; a full page is followed by another, from the place of its last entry.

    `shown`: the contacts whose orders may be told in full, see desk/verification.
    """
    may = viewer.may(Permission.TICKET_READ)
    wanted = frozenset(kind for kind in kinds if may or kind not in _WORDS)
    past = _Past(tx, viewer, person, before, count, shown)
    found = await past.of(wanted)
    if _K.NOTE in kinds:
        found += await past.remarks()
    newest = nlargest(count, found, key=_place)
    return [made(row) for _, _, made, row in newest]


def bound_of(place: Place | None) -> UUID | None:
    """The id below which entries come before a place, where ids carry their time."""
    if place is None:
        return None
    at, last = place
    if at < _FIRST:  # orders and ratings have times of their own, which may lie before
        return UUID(int=0)
    return min(max(last, id_floor(at)), id_floor(at + _INSTANT))


Told = tuple[datetime, UUID, Callable[[Record], Entry], Record]
"""A row of a source at its place; only what is on the page is decoded and made an entry."""


def _place(told: Told) -> Place:
    return told[0], told[1]


class _Past:
    def __init__(
        self, tx: Tx, viewer: Viewer, person: UUID, before: Place | None, count: int, shown: Collection[UUID]
    ) -> None:
        self._tx = tx
        self._person = person
        self._eyes = scope_of(viewer)
        self._before = before or (None, None)
        self._bound = bound_of(before)
        self._count = count
        self._shown = shown

    async def of(self, kinds: frozenset[EntryKind]) -> list[Told]:
        found: list[Told] = []
        if directions := [each for kind, some in _DIRECTIONS.items() if kind in kinds for each in some]:
            found += await self._told(SQL.messages, _message, directions)
        if kinds & {_K.CONVERSATION, _K.CALL}:
            asked = (_K.CALL in kinds, _K.CONVERSATION in kinds)
            found += await self._told(SQL.conversations, _conversation, *asked)
        if _K.TICKET in kinds:
            found += await self._told(SQL.tickets, _ticket)
        if _K.NOTE in kinds:
            found += await self._told(SQL.notes, _note)
        if _K.VISIT in kinds:
            found += _by_id(_visit, await self._tx.fetch(SQL.visits, self._person, self._bound, self._count))
        if _K.ACTION in kinds:
            found += _by_id(_action, await self._tx.fetch(SQL.actions, self._person, self._bound, self._count))
        if _K.SHOP in kinds:
            found += await self._told(SQL.at_shops, _at_shop)
        if _K.RATING in kinds:
            rows = await self._tx.fetch(SQL.ratings, self._person, *self._eyes, *self._before, self._count)
            found += [(r["given_at"], r["conversation_id"], _rating, r) for r in rows]
        if _K.ORDER in kinds:
            rows = await self._tx.fetch(SQL.orders, self._person, *self._before, self._count)
            found += [
                (r["placed_at"], r["id"], _order if r["contact_id"] in self._shown else _hidden_order, r) for r in rows
            ]
        return found

    async def remarks(self) -> list[Told]:
        """What the house notes about the customer himself: whoever may see him reads it."""
        return _by_id(_remark, await self._tx.fetch(SQL.remarks, self._person, self._bound, self._count))

    async def _told(self, query: str, made: Callable[[Record], Entry], *more: object) -> list[Told]:
        return _by_id(made, await self._tx.fetch(query, self._person, *self._eyes, self._bound, self._count, *more))


def _by_id(made: Callable[[Record], Entry], rows: Iterable[Record]) -> list[Told]:
    """Of a source whose ids carry the time."""
    return [(id_time(r["id"]), r["id"], made, r) for r in rows]


def _message(r: Record) -> Entry:
    recalled = r["recalled_at"] is not None
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.NOTE if r["direction"] == "note" else _K.MESSAGE, title=r["kind"],
        detail="" if recalled else r["text"], status="recalled" if recalled else r["direction"], channel=r["channel"],
        by=r["agent_name"] or ("bot" if r["author"] == "bot" else None), ticket_id=r["ticket_id"],
        conversation_id=r["conversation_id"], facts={"files": r["files"]} if r["files"] and not recalled else {},
    )  # fmt: skip


def _conversation(r: Record) -> Entry:
    kind = _K.CALL if r["channel"] == "voice" else _K.CONVERSATION
    if r["elsewhere"]:
        return _elsewhere(r, kind, status=r["phase"])
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=kind,
        title=r["title"], detail=r["preview"], status=r["phase"], channel=r["channel"], by=r["agent_name"],
        ticket_id=r["ticket_id"], conversation_id=r["id"],
    )  # fmt: skip


def _ticket(r: Record) -> Entry:
    if r["elsewhere"]:
        return _elsewhere(r, _K.TICKET, title=f"#{r['number']}", status=r["status"], type=r["type"])
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.TICKET, title=f"#{r['number']}", detail=r["subject"],
        status=r["status"], channel=r["channel"], by=r["agent_name"], ticket_id=r["id"],
    )  # fmt: skip


def _note(r: Record) -> Entry:
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.NOTE, title=f"#{r['number']}", detail=r["text"], status=r["action"],
        by=r["agent_name"], ticket_id=r["ticket_id"], conversation_id=r["conversation_id"], code=r["code"],
        parts=r["parts"],
    )  # fmt: skip


def _remark(r: Record) -> Entry:
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.NOTE, detail=r["text"], status="remark", by=r["agent_name"],
        facts={"pinned": True} if r["pinned"] else {},
    )  # fmt: skip


def _visit(r: Record) -> Entry:
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.VISIT, title=r["title"] or r["url"] or "",
        detail=source_name(msgspec.json.decode(r["origin"], type=Origin)),
        facts={"pages": r["pages"], "seen_at": r["seen_at"], **_cart(r["cart"])},
    )  # fmt: skip


def _action(r: Record) -> Entry:
    said = msgspec.json.decode(r["detail"])
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.ACTION, title=r["kind"], channel=r["channel"],
        detail=next((str(said[name]) for name in _TELLING if said.get(name)), "")[:400],
    )  # fmt: skip


def _at_shop(r: Record) -> Entry:
    facts = {"shop": r["shop"], "purpose": r["purpose"]} | ({"starts_at": r["starts_at"]} if r["starts_at"] else {})
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=_K.SHOP, detail=r["note"], status=r["status"], by=r["agent_name"],
        ticket_id=r["ticket_id"], conversation_id=r["conversation_id"], facts=facts,
    )  # fmt: skip


def _elsewhere(r: Record, kind: EntryKind, *, title: str = "", status: str, **facts: Any) -> Entry:
    """Of another team's work a viewer learns that it is there, and whom to ask; never what was said in it."""
    return Entry(
        id=r["id"], at=id_time(r["id"]), kind=kind, title=title, status=status, channel=r["channel"],
        facts={"elsewhere": r["elsewhere"], **facts},
    )  # fmt: skip


def _rating(r: Record) -> Entry:
    if r["elsewhere"]:
        told = {"stars": r["stars"], "solved": r["solved"], "elsewhere": r["elsewhere"]}
        return Entry(id=r["conversation_id"], at=r["given_at"], kind=_K.RATING, facts=told)
    facts: dict[str, Any] = {"stars": r["stars"], "solved": r["solved"], "tags": r["tags"]}
    return Entry(
        id=r["conversation_id"], at=r["given_at"], kind=_K.RATING, detail=r["comment"], by=r["agent_name"],
        ticket_id=r["ticket_id"], conversation_id=r["conversation_id"], facts=facts,
    )  # fmt: skip


def _hidden_order(r: Record) -> Entry:
    return Entry(
        id=r["id"], at=r["placed_at"], kind=_K.ORDER, title=orders.masked(r["number"]), status=r["status"],
        facts={"masked": True, "source": r["source"]},
    )  # fmt: skip


def _order(r: Record) -> Entry:
    lines = [f"{line['title'] or line['sku']}" + (f" ×{line['count']}" if line.get("count", 1) > 1 else "")
             for line in msgspec.json.decode(r["document"]).get("lines", ())]  # fmt: skip
    return Entry(
        id=r["id"], at=r["placed_at"], kind=_K.ORDER, title=r["number"], detail="、".join(lines)[:400],
        status=r["status"], facts={"fen": r["total_fen"], "currency": r["currency"], "source": r["source"]},
    )  # fmt: skip


def _cart(kept: str | None) -> dict[str, Any]:
    """How many things were in the cart, and what they came to as the browser said."""
    cart = msgspec.json.decode(kept) if kept else {}
    products = cart.get("products") or []
    if not products:
        return {}
    return {"cart": sum(int(each.get("quantity") or 1) for each in products), "value": cart.get("value")}
