"""Taking in orders: set-based, and the same rows again change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.sources import policy
from yizhan.desk.sources.model import ORDERED, Did, OrderIn, Outcome
from yizhan.desk.sources.policy import CheckedOrder
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records import agents, contacts, orders
from yizhan.records.contacts import Reached
from yizhan.records.orders import Document, KnownOrder, Order

_Row = tuple[OrderIn, CheckedOrder, Reached]


async def put_orders(
    tx: Tx, vault: Vault, rows: Sequence[OrderIn], *, source: str, now: datetime, by: str
) -> list[Outcome]:
    """An outcome for each row: good ones go in whatever is wrong with others."""
    brands = {brand.key: brand.id for brand in await agents.brands(tx)}
    checked = [policy.check_order(row, vault, source, brands, now) for row in rows]
    good = [(row, each) for row, each in zip(rows, checked, strict=True) if isinstance(each, CheckedOrder)]
    reached = await contacts.reach(tx, vault, [each.keys for _, each in good], now=now, by=by)
    ready = [(row, each, place) for (row, each), place in zip(good, reached, strict=True)]
    told = iter(await _Taking(tx, vault, source, brands, now, by).take(ready))
    return [
        next(told) if isinstance(each, CheckedOrder) else Outcome(Did.REFUSED, problems=each) for each in checked
    ]  # fmt: skip


class _Taking:
    def __init__(self, tx: Tx, vault: Vault, source: str, brands: Mapping[str, UUID], now: datetime, by: str) -> None:
        self._tx = tx
        self._vault = vault
        self._source = source
        self._brands = brands
        self._now = now
        self._by = by

    async def take(self, rows: Sequence[_Row]) -> list[Outcome]:
        """Of two rows with one number only the later counts: a file that comes again has both of them again. They are
        written in the order of their numbers."""
        counting: dict[str, int] = {}
        for at, (_, checked, _place) in enumerate(rows):
            held = counting.setdefault(checked.number, at)
            if checked.at >= rows[held][1].at:
                counting[checked.number] = at
        outcomes: dict[int, Outcome] = {}
        waiting = {at: rows[at] for at in counting.values()}
        while waiting:
            outcomes |= await self._round(waiting)
            waiting = {at: row for at, row in waiting.items() if at not in outcomes}
        return [outcomes.get(at) or Outcome(Did.OLDER, place.contact_id) for at, (_, _, place) in enumerate(rows)]

    async def _round(self, rows: Mapping[int, _Row]) -> dict[int, Outcome]:
        """Rows of different numbers. One that somebody else added meanwhile has no outcome yet: it comes again."""
        keys = await self._keys({place.contact_id for row, _, place in rows.values() if row.address})
        known = await orders.known(self._tx, self._source, sorted(checked.number for _, checked, _ in rows.values()))
        fresh: dict[int, Order] = {}
        newer: dict[int, Order] = {}
        outcomes: dict[int, Outcome] = {}
        for at, (row, checked, place) in sorted(rows.items(), key=lambda one: one[1][1].number):
            before, digest = known.get(checked.number), self._digest(row, checked)
            if before is None:
                fresh[at] = self._order(row, checked, place, digest, keys)
            elif checked.at < before.changed_at or before.digest == digest:
                did = Did.UNCHANGED if before.digest == digest else Did.OLDER
                outcomes[at] = Outcome(did, before.contact_id)
            else:
                newer[at] = self._order(row, checked, place, digest, keys, before)
        added = await orders.add(self._tx, list(fresh.values()))
        await orders.change(self._tx, list(newer.values()))
        made = {at: order for at, order in fresh.items() if order.number in added}
        await self._tell([*made.values(), *newer.values()], {each.id: each.status for each in known.values()})
        outcomes |= {at: Outcome(Did.CREATED, order.contact_id) for at, order in made.items()}
        return outcomes | {at: Outcome(Did.CHANGED, order.contact_id) for at, order in newer.items()}

    def _order(
        self, row: OrderIn, checked: CheckedOrder, place: Reached, digest: bytes, keys: Mapping[UUID, DataKey],
        before: KnownOrder | None = None,
    ) -> Order:  # fmt: skip
        id = before.id if before else new_id(self._now)
        sealed = keys[place.contact_id].seal(row.address.encode(), aad=id.bytes) if row.address else None
        return Order(
            id=id, brand_id=self._brands[row.brand] if row.brand else None, source=self._source, number=checked.number,
            identity_id=place.identity_id, contact_id=place.contact_id, status=checked.status, total_fen=row.total_fen,
            currency=checked.currency, placed_at=row.placed_at, changed_at=checked.at,
            document=Document(row.lines, row.tracking, row.url.strip()), address_sealed=sealed, digest=digest,
            version=before.version + 1 if before else 1,
        )  # fmt: skip

    def _digest(self, row: OrderIn, checked: CheckedOrder) -> bytes:
        """Of what the row says, but for when it was said."""
        said: tuple[object, ...] = (
            [key.blind.hex() for key in checked.keys], checked.status, row.total_fen, checked.currency, row.placed_at,
            row.lines, row.address, row.tracking, row.brand,
        )  # fmt: skip
        if row.url.strip():
            said = (*said, row.url.strip())  # rows told before orders had pages are still known
        return self._vault.blind("order", msgspec.json.encode(said).decode())

    async def _keys(self, ids: set[UUID]) -> dict[UUID, DataKey]:
        return await contacts.keys_of(self._tx, self._vault, ids)

    async def _tell(self, changed: Sequence[Order], before: Mapping[UUID, str]) -> None:
        await emit(self._tx, [
            Event(kind=ORDERED, subject=o.id, subject_version=o.version, at=self._now, actor=self._by,
                  brand_id=o.brand_id, contact_id=o.contact_id,
                  data={"source": self._source, "status": o.status, "was": before.get(o.id)})
            for o in changed
        ])  # fmt: skip
