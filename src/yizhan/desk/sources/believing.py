"""What is believed of customers, judged anew from what every source said: after another order of sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.sources import sealing
from yizhan.desk.sources.model import CHANGED
from yizhan.desk.sources.rules import ProfileRules
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records import contacts, profiles
from yizhan.records.contacts import Card
from yizhan.records.profiles import LEVEL, NAME, FieldSpec, Record, Value

_BY = "system"


async def believe_anew(tx: Tx, vault: Vault, ids: Sequence[UUID], rules: ProfileRules, now: datetime) -> int:
    """Of how many of these contacts something else is believed now; what stays as it is emits nothing."""
    cards = await contacts.lock_cards(tx, set(ids))
    keys = {id: vault.unwrap(card.data_key, aad=id.bytes) for id, card in cards.items()}
    said: Mapping[UUID, list[Record]] = defaultdict(list)
    for kept in await profiles.records(tx, sorted(cards)):
        said[kept.contact_id].append(sealing.open_record(kept, keys[kept.contact_id]))
    judged = [_judged(cards[id], records, rules, keys[id]) for id, records in said.items()]
    moved = [(card, changed) for card, changed in judged if changed]
    versions = await contacts.write_cards(tx, [card for card, _ in moved])
    await emit(tx, [event for card, changed in moved for event in _events(card, changed, versions, now)])
    return len(moved)


def _judged(card: Card, records: Sequence[Record], rules: ProfileRules, own: DataKey) -> tuple[Card, list[str]]:
    """A name that no source said, for instance one he gave in a chat, stays."""
    after, fields, changed = card, dict(card.fields), list[str]()
    for key in sorted({key for record in records for key in record.fields}):
        found = profiles.winner(records, key, rules.order(key))
        value = found[1].value if found is not None else None
        spec = rules.fields.get(key)
        if key == NAME:
            if card.name in [each.fields[NAME].value for each in records if NAME in each.fields] and card.name != value:
                after, changed = msgspec.structs.replace(after, name=str(value)), [*changed, key]
        elif key == LEVEL:
            if card.level != int(value or 0):
                after, changed = msgspec.structs.replace(after, level=int(value or 0)), [*changed, key]
        elif spec is not None and not _stands(card, spec, value, own):
            fields[key] = sealing.shown(card.id, spec, value, own)
            changed.append(key)
    return msgspec.structs.replace(after, fields=fields), changed


def _stands(card: Card, spec: FieldSpec, value: Value, own: DataKey) -> bool:
    kept: Any = card.fields.get(spec.key)
    if isinstance(kept, Mapping):
        return spec.personal and sealing.open_shown(card.id, spec.key, kept, own) == value
    return not spec.personal and type(kept) is type(value) and kept == value


def _events(card: Card, changed: list[str], versions: Mapping[UUID, int], now: datetime) -> list[Event]:
    version = versions.get(card.id, card.version)
    told = [Event(kind=CHANGED, subject=card.id, subject_version=version, at=now, actor=_BY, contact_id=card.id,
                  data={"source": "", "fields": changed})]  # fmt: skip
    if NAME in changed or LEVEL in changed:
        told.append(Event(kind="contact.changed", subject=card.id, subject_version=version, at=now, actor=_BY,
                          contact_id=card.id, data={"fields": [NAME, LEVEL]}))  # fmt: skip
    return told
