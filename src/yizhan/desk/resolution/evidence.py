"""From what the house has of contacts to what they are compared by. Values in clear live no longer than the call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.resolution import store
from yizhan.desk.resolution.comparing import named, place
from yizhan.desk.resolution.model import Known, Mark
from yizhan.desk.resolution.policy import CARD
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Record, Tx
from yizhan.records import contacts

_FIELD = {
    "phone": "number", "caller": "number", "shared_phone": "number", "switchboard": "number", "email": "email",
    "device": "device", "nickname": "nickname", "external": "external", "id_card": CARD, "user": "account",
    "unionid": "account", "openid": "account",
}  # fmt: skip
_OF_MANY = frozenset({"shared_phone", "switchboard"})
_TYPED = frozenset({"phone", "email"})
"""Kinds that a customer may type about himself; claims of others come from sources."""
_SHORTEST_PLACE = 6

_Keys = dict[tuple[UUID, str, bytes], Mark]


async def write_keys(tx: Tx, vault: Vault, ids: Sequence[UUID]) -> None:
    """Brings what these are compared by up to date."""
    found: _Keys = {}
    names_of, told_orders = await store.orders(tx, ids), await store.quoted(tx, ids)
    known = await store.identities(tx, ids)
    opened = {r["contact_id"] for r in known if r["kind"] == "caller"}
    opened |= {r["contact_id"] for r in names_of if r["address_sealed"]}
    own = await contacts.keys_of(tx, vault, opened)
    for row in known:
        _note_identity(found, row, vault, own)
    for row in await store.claims(tx, ids):
        kind = row["kind"]
        if kind in _FIELD:
            _note(found, row["contact_id"], _FIELD[kind], row["blind"], Mark.TOLD if kind in _TYPED else _mark(kind))
    for row in told_orders:
        _note(found, row["contact_id"], "order", _order_key(vault, row["order_no"]), Mark.TOLD)
    for row in names_of:
        _note(found, row["contact_id"], "order", _order_key(vault, row["number"]), Mark.SEEN)
        if row["address_sealed"]:
            text = place(own[row["contact_id"]].open(row["address_sealed"], aad=row["id"].bytes).decode())
            if len(text) >= _SHORTEST_PLACE:
                _note(found, row["contact_id"], "address", vault.blind("place", text), Mark.SEEN)
    await store.write_keys(tx, ids, [(*key, str(mark)) for key, mark in sorted(found.items())])


async def known(tx: Tx, ids: Sequence[UUID], now: datetime) -> dict[UUID, Known]:
    """What these are compared by, as it was written last; identity cards are those of the whole person."""
    keys: dict[UUID, dict[str, dict[bytes, Mark]]] = {id: defaultdict(dict) for id in ids}
    for contact_id, field, key, mark in await store.known(tx, ids):
        keys[contact_id][field][key] = Mark(mark)
    for contact_id, blind in await store.cards(tx, ids):
        keys[contact_id][CARD][blind] = Mark.SEEN
    mobiles: dict[UUID, set[bytes]] = defaultdict(set)
    for contact_id, blind, verified_at in await store.mobiles(tx, ids):
        if contacts.is_fresh("phone", verified_at, now):
            mobiles[contact_id].add(blind)
    texts = {id: named(name) for id, name in (await store.names(tx, ids)).items()}
    return {
        id: Known(keys[id], {"name": [texts[id]]} if texts.get(id) else {}, frozenset(mobiles[id])) for id in ids
    }  # fmt: skip


def _note_identity(found: _Keys, row: Record, vault: Vault, own: dict[UUID, DataKey]) -> None:
    contact_id, kind, blind = row["contact_id"], row["kind"], row["blind"]
    if kind not in _FIELD:
        return
    if kind == "caller":
        blind = vault.blind("phone", own[contact_id].open(row["sealed"], aad=row["id"].bytes).decode())
    ended = row["valid_to"] is not None  # it may be somebody else's by now
    _note(found, contact_id, _FIELD[kind], blind, Mark.TOLD if ended else _mark(kind))


def _mark(kind: str) -> Mark:
    return Mark.SHARED if kind in _OF_MANY else Mark.SEEN


def _note(found: _Keys, contact_id: UUID, field: str, key: bytes, mark: Mark) -> None:
    """Of two ways to have it the surer one counts, and what many share stays so."""
    before = found.get((contact_id, field, key))
    if before is None or (before is Mark.TOLD and mark is not Mark.TOLD) or mark is Mark.SHARED:
        found[contact_id, field, key] = mark


def _order_key(vault: Vault, number: str) -> bytes:
    return vault.blind("order_number", number.strip().upper())
