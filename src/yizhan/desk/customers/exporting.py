"""Customers as a table that leaves the house: page after page, masked unless they are to be revealed, and nothing in it
runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from yizhan.desk.customers import store
from yizhan.desk.customers.model import CustomerRow
from yizhan.desk.customers.profile import believed
from yizhan.desk.sources import ProfileRules, said_in_clear
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.text import plain_cell
from yizhan.records import contacts, profiles
from yizhan.records.agents import Viewer
from yizhan.records.profiles import FieldSpec, FieldType, KeptRecord, shown_moment

Language = Literal["zh", "en"]
EXPORTING, EXPORTED = "export.started", "export.ended"
"""Events. Subject: the export; data: what, revealed, reason, and at the end how many rows left the house."""

_TOGETHER = 500
_OURS = frozenset({"visitor", "device"})  # numbers that say nothing outside
_BEFORE = {"zh": ("客户编号", "姓名", "会员等级"), "en": ("Customer", "Name", "Level")}
_AFTER = {
    "zh": ("最近联系", "未完成工单", "订单数", "建档时间"),
    "en": ("Last contact", "Open tickets", "Orders", "Since"),
}
_YES = {"zh": ("否", "是"), "en": ("no", "yes")}


class CustomerExport:
    """`rows` counts those that were written so far. Instants are written in the house's time zone."""

    def __init__(
        self, db: Database, vault: Vault, viewer: Viewer, rules: ProfileRules, *, revealed: bool, language: Language
    ) -> None:
        self._db = db
        self._vault = vault
        self._viewer = viewer
        self._rules = rules
        self._revealed = revealed
        self._language: Language = language
        self._kinds = [each for each in contacts.kinds_in_force().kinds if each.key not in _OURS]
        self.rows = 0

    async def pages(self) -> AsyncIterator[bytes]:
        yield "\ufeff".encode() + self._table([self._head()])
        after = UUID(int=0)
        while True:
            async with self._db.read() as tx:
                persons = await store.heads_after(tx, self._viewer, after, _TOGETHER)
                lines = await self._lines(tx, persons)
            if not persons:
                return
            after = persons[-1]
            self.rows += len(lines)
            yield self._table(lines)

    def _head(self) -> list[str]:
        zh = self._language == "zh"
        kinds = [kind.zh if zh else kind.en for kind in self._kinds]
        fields = [spec.zh if zh else spec.en for spec in self._rules.fields.values()]
        return [*_BEFORE[self._language], *kinds, *fields, *_AFTER[self._language]]

    async def _lines(self, tx: Tx, persons: Sequence[UUID]) -> list[list[str]]:
        """One a person, in their order."""
        members: dict[UUID, dict[UUID, dict[str, Any]]] = defaultdict(dict)
        keys: dict[UUID, DataKey] = {}
        for row in await store.cards_of(tx, persons):
            members[row["person_id"]][row["id"]] = row["fields"]
            if self._revealed:
                keys[row["id"]] = self._vault.unwrap(row["data_key"], aad=row["id"].bytes)
        of = {contact: person for person, cards in members.items() for contact in cards}
        said: dict[UUID, list[KeptRecord]] = defaultdict(list)
        for kept in await profiles.records(tx, sorted(of)):
            said[of[kept.contact_id]].append(self._opened(kept, keys))
        known = await self._identifiers(tx, of, keys)
        return [
            self._line(row, known[row.id], members[row.id], said[row.id])
            for row in await store.rows(tx, self._viewer, persons)
        ]

    def _opened(self, kept: KeptRecord, keys: Mapping[UUID, DataKey]) -> KeptRecord:
        if kept.sealed is None or not self._revealed:
            return kept
        clear = said_in_clear(kept, keys[kept.contact_id])
        return msgspec.structs.replace(
            kept, fields={key: (clear[key], since) for key, (_, since) in kept.fields.items()}
        )

    async def _identifiers(
        self, tx: Tx, of: Mapping[UUID, UUID], keys: Mapping[UUID, DataKey]
    ) -> dict[UUID, dict[str, list[str]]]:
        found: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in await store.identities_of(tx, sorted(of)):
            contact = row["contact_id"]
            value = row["masked"]
            if self._revealed:
                value = keys[contact].open(row["sealed"], aad=row["id"].bytes).decode()
            found[of[contact]][row["kind"]].append(value)
        return found

    def _line(
        self, row: CustomerRow, known: Mapping[str, list[str]], cards: Mapping[UUID, Mapping[str, Any]],
        said: Sequence[KeptRecord],
    ) -> list[str]:  # fmt: skip
        identifiers = [" ".join(dict.fromkeys(known.get(kind.key, ()))) for kind in self._kinds]
        fields = [
            self._value(spec, found.value) if (found := believed(spec, cards, said, self._rules)) else ""
            for spec in self._rules.fields.values()
        ]
        last = shown_moment(row.last_contact, self._rules.zone) if row.last_contact else ""
        since = shown_moment(row.created_at, self._rules.zone)
        return [
            str(row.id), row.name, str(row.level), *identifiers, *fields, last, str(row.open), str(row.orders), since
        ]  # fmt: skip

    def _value(self, spec: FieldSpec, value: Any) -> str:
        if isinstance(value, bool):
            return _YES[self._language][value]
        option = next((each for each in spec.options if each.key == value), None)
        if option is not None:
            return option.zh if self._language == "zh" else option.en
        if spec.type is FieldType.MOMENT and isinstance(value, str) and value.endswith("Z"):
            return shown_moment(datetime.fromisoformat(value), self._rules.zone)
        return str(value)

    def _table(self, lines: Sequence[Sequence[str]]) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerows([plain_cell(cell) for cell in line] for line in lines)
        return out.getvalue().encode()
