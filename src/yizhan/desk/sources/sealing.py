"""Between what sources say in clear and what lies in the tables: personal values under the contact's own key."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.crypto import DataKey
from yizhan.foundation.ids import new_id
from yizhan.records.profiles import FieldSpec, FieldType, KeptRecord, Past, Record, Replaced, Said, Value


def kept_record(record: Record, personal: frozenset[str], own: DataKey) -> KeptRecord:
    hidden = {key: said.value for key, said in record.fields.items() if key in personal}
    fields = {key: (None if key in hidden else said.value, said.since) for key, said in record.fields.items()}
    sealed = own.seal(msgspec.json.encode(hidden), aad=_bound(record.contact_id, record.source)) if hidden else None
    hands = {key: said.by for key, said in record.fields.items() if said.by is not None}
    return KeptRecord(record.contact_id, record.source, fields, sealed, record.at, hands)


def open_record(kept: KeptRecord, own: DataKey) -> Record:
    opened: dict[str, Value] = {}
    if kept.sealed is not None:
        opened = msgspec.json.decode(own.open(kept.sealed, aad=_bound(kept.contact_id, kept.source)))
    fields = {
        key: Said(opened.get(key, value), since, kept.hands.get(key)) for key, (value, since) in kept.fields.items()
    }
    return Record(kept.contact_id, kept.source, fields, kept.at)


def said_in_clear(kept: KeptRecord, own: DataKey) -> dict[str, Value]:
    """All that a source says of one contact, by field."""
    return {key: said.value for key, said in open_record(kept, own).fields.items()}


def kept_past(record: Record, replaced: Replaced, personal: frozenset[str], own: DataKey) -> Past:
    value, sealed = replaced.value, None
    if replaced.field in personal:
        value, sealed = None, own.seal(msgspec.json.encode(value), aad=_bound(record.contact_id, record.source))
    return Past(
        new_id(replaced.until), record.contact_id, record.source, replaced.field, value, sealed, replaced.since,
        replaced.until, "", replaced.said_by,
    )  # fmt: skip


def open_past(past: Past, own: DataKey) -> Value:
    if past.sealed is None:
        return past.value
    value: Value = msgspec.json.decode(own.open(past.sealed, aad=_bound(past.contact_id, past.source)))
    return value


def shown(contact_id: UUID, spec: FieldSpec, value: Value, own: DataKey) -> Any:
    """As it stands in the contact's row, where everybody who sees the customer reads it."""
    if not spec.personal:
        return value
    sealed = own.seal(msgspec.json.encode(value), aad=_bound(contact_id, spec.key))
    return {"sealed": base64.b64encode(sealed).decode(), "masked": masked(spec, value)}


def open_shown(contact_id: UUID, key: str, kept: Mapping[str, str], own: DataKey) -> Value:
    value: Value = msgspec.json.decode(own.open(base64.b64decode(kept["sealed"]), aad=_bound(contact_id, key)))
    return value


def masked(spec: FieldSpec, value: Value) -> str:
    """Of a day the year stays; of a text the first two characters."""
    text = str(value)
    if spec.type is FieldType.DATE:
        return f"{text[:4]}-**-**"
    return text[: min(2, len(text) // 2)] + "***"


def _bound(contact_id: UUID, name: str) -> bytes:
    return contact_id.bytes + name.encode()
