"""Taking in what sources say of customers: set-based, and the same rows again change nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.sources import policy, sealing
from yizhan.desk.sources.model import CHANGED, Did, Outcome, ProfileIn
from yizhan.desk.sources.policy import Checked
from yizhan.desk.sources.rules import ProfileRules
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit, emit_alike, emitted_together
from yizhan.records import contacts, profiles
from yizhan.records.contacts import Card, Newcomer
from yizhan.records.profiles import BY_HAND, LEVEL, NAME, KeptRecord, Record, Replaced


async def put_profiles(
    tx: Tx, vault: Vault, rows: Sequence[ProfileIn], *, source: str, rules: ProfileRules, now: datetime, by: str
) -> list[Outcome]:
    """An outcome for each row: good ones go in whatever is wrong with others."""
    checked = [policy.check_profile(row, rules, vault, source, now) for row in rows]
    good = [each for each in checked if isinstance(each, Checked)]
    told = iter(await take_profiles(tx, vault, good, source=source, rules=rules, now=now, by=by))
    return [
        next(told) if isinstance(each, Checked) else Outcome(Did.REFUSED, problems=each) for each in checked
    ]  # fmt: skip


async def take_profiles(
    tx: Tx, vault: Vault, rows: Sequence[Checked], *, source: str, rules: ProfileRules, now: datetime, by: str
) -> list[Outcome]:
    """For who checks his rows before he has a transaction. The events go last, with one statement."""
    async with emitted_together(tx):
        return await _Taking(tx, vault, rows, source, rules, now, by).take()


async def take_of(
    tx: Tx, vault: Vault, rows: Mapping[UUID, Checked], *, source: str, rules: ProfileRules, now: datetime, by: str
) -> list[Outcome]:
    """What a source says of contacts that are known by their ids."""
    async with emitted_together(tx):
        return await _Taking(tx, vault, list(rows.values()), source, rules, now, by).take_of(list(rows))


class _Known(msgspec.Struct):
    """One contact while a batch is taken in. `fresh` is the row that made him: all of it stands in his row already."""

    card: Card
    own: DataKey
    fresh: int | None = None
    records: dict[str, Record] = {}
    touched: bool = False
    replaced: list[Replaced] = []
    changed: set[str] = set()


class _Taking:
    """One batch on its way."""

    def __init__(
        self, tx: Tx, vault: Vault, rows: Sequence[Checked], source: str, rules: ProfileRules, now: datetime, by: str
    ) -> None:
        self._tx = tx
        self._vault = vault
        self._rows = rows
        self._source = source
        self._rules = rules
        self._now = now
        self._by = by
        self._hand = by if source == BY_HAND else None
        self._personal = frozenset(key for key, spec in rules.fields.items() if spec.personal)
        self._known: dict[UUID, _Known] = {}

    async def take(self) -> list[Outcome]:
        keys = [row.keys for row in self._rows]
        reached = await contacts.reach(self._tx, self._vault, keys, now=self._now, by=self._by, drawn=self._newcomer)
        told = await self.take_of([each.contact_id for each in reached])
        return [
            Outcome(Did.CHANGED, one.contact_id) if place.grown and one.did is Did.UNCHANGED else one
            for one, place in zip(told, reached, strict=True)
        ]

    async def take_of(self, whose: Sequence[UUID]) -> list[Outcome]:
        await self._look_up(set(whose) - self._known.keys())
        before = {id: one.records.get(self._source) for id, one in self._known.items()}
        outcomes = [self._told(at, row, whose[at]) for at, row in enumerate(self._rows)]
        back = {id for id, was in before.items() if self._is_back(id, was)}
        await self._write()
        return [
            Outcome(Did.UNCHANGED, one.contact_id) if one.did is Did.CHANGED and one.contact_id in back else one
            for one in outcomes
        ]

    def _is_back(self, id: UUID, was: Record | None) -> bool:
        """Several rows of one customer that end where he was change nothing: a file that comes again has them again."""
        one = self._known[id]
        now = one.records.get(self._source)
        if not one.touched or one.fresh is not None or was is None or now is None or _values(was) != _values(now):
            return False
        one.records[self._source], one.touched, one.replaced, one.changed = was, False, [], set()
        return True

    def _newcomer(self, at: int, contact_id: UUID, own: DataKey) -> Newcomer:
        """As the first row says he is; nobody else has said anything of him yet."""
        row = self._rows[at]
        record = profiles.take(None, contact_id, self._source, row.values, row.at, self._hand).record
        assert record is not None, "of somebody unknown every row is taken"
        said = {key: each.value for key, each in record.fields.items()}
        name = str(said.pop(NAME, "") or row.keys[0].masked)
        level = int(said.pop(LEVEL, 0) or 0)
        fields = {key: sealing.shown(contact_id, self._rules.fields[key], value, own) for key, value in said.items()}
        card = Card(contact_id, name, level, fields, b"", 1)
        self._known[contact_id] = _Known(card, own, at, {self._source: record}, changed=set(record.fields))
        return Newcomer(name, level, fields)

    async def _look_up(self, ids: set[UUID]) -> None:
        if not ids:
            return
        for contact_id, card in (await contacts.lock_cards(self._tx, ids)).items():
            self._known[contact_id] = _Known(card, self._vault.unwrap(card.data_key, aad=contact_id.bytes))
        for kept in await profiles.records(self._tx, sorted(ids)):
            one = self._known[kept.contact_id]
            one.records[kept.source] = sealing.open_record(kept, one.own)

    def _told(self, at: int, row: Checked, contact_id: UUID) -> Outcome:
        one = self._known[contact_id]
        if one.fresh == at:
            return Outcome(Did.CREATED, contact_id)
        before = one.records.get(self._source)
        taken = profiles.take(before, contact_id, self._source, row.values, row.at, self._hand)
        if taken.record is None:
            return Outcome(Did.OLDER if taken.older else Did.UNCHANGED, contact_id)
        one.changed |= {key for key in row.values if taken.record.said(key) != (before and before.said(key))}
        one.records[self._source] = taken.record
        one.replaced.extend(taken.replaced)
        one.touched = True
        return Outcome(Did.CHANGED, contact_id)

    async def _write(self) -> None:
        await self._write_fresh([one for one in self._known.values() if one.fresh is not None and not one.touched])
        touched = [one for one in self._known.values() if one.touched]
        await profiles.write_records(self._tx, [self._kept(one) for one in touched])
        await profiles.add_past(self._tx, [
            sealing.kept_past(one.records[self._source], past, self._personal, one.own)
            for one in touched for past in one.replaced
        ], self._by)  # fmt: skip
        cards = [_card(one, self._rules) for one in touched]
        versions = await contacts.write_cards(self._tx, cards)
        renamed = {
            card.id for one, card in zip(touched, cards, strict=True)
            if (card.name, card.level) != (one.card.name, one.card.level)
        }  # fmt: skip
        await emit(self._tx, [event for one in touched for event in self._events(one, versions, renamed)])

    async def _write_fresh(self, fresh: Sequence[_Known]) -> None:
        """Their contacts are written; most of a batch says the same fields of each."""
        await profiles.add_records(self._tx, [self._kept(one) for one in fresh])
        alike: dict[tuple[str, ...], list[UUID]] = {}
        for one in fresh:
            alike.setdefault(tuple(sorted(one.changed)), []).append(one.card.id)
        for fields, born in alike.items():
            said = {"source": self._source, "fields": fields}
            await emit_alike(self._tx, self._event(CHANGED, born[0], 1, said), born)

    def _kept(self, one: _Known) -> KeptRecord:
        return sealing.kept_record(one.records[self._source], self._personal, one.own)

    def _events(self, one: _Known, versions: Mapping[UUID, int], renamed: Collection[UUID]) -> Iterator[Event]:
        id = one.card.id
        version = versions.get(id, one.card.version)
        said = {"source": self._source, "fields": sorted(one.changed)}
        yield self._event(CHANGED, id, version, said)
        if id in renamed:
            yield self._event("contact.changed", id, version, {"fields": [NAME, LEVEL]})

    def _event(self, kind: str, id: UUID, version: int, said: dict[str, Any]) -> Event:
        return Event(
            kind=kind, subject=id, subject_version=version, at=self._now, actor=self._by, contact_id=id, data=said
        )


def _values(record: Record) -> dict[str, Any]:
    return {key: said.value for key, said in record.fields.items()}


def _card(one: _Known, rules: ProfileRules) -> Card:
    """What is believed now of the fields that changed."""
    fields, name, level = dict(one.card.fields), one.card.name, one.card.level
    for key in one.changed:
        found = profiles.winner(one.records.values(), key, rules.order(key))
        if key == NAME:
            name = str(found[1].value) if found else name
        elif key == LEVEL:
            level = int(found[1].value or 0) if found else 0
        elif found is None:
            fields.pop(key, None)
        else:
            fields[key] = sealing.shown(one.card.id, rules.fields[key], found[1].value, one.own)
    return msgspec.structs.replace(one.card, name=name, level=level, fields=fields)
