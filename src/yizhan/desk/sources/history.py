"""What was ever said of one field of a person: by whom, from when until when, and which of it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.sources import sealing
from yizhan.desk.sources.rules import ProfileRules
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records import contacts, profiles
from yizhan.records.profiles import LEVEL, NAME, FieldSpec, KeptRecord, Past, Value

_MOST = 200


class FieldSaid(msgspec.Struct, frozen=True):
    """Personal values are masked. `until` is None while the source says so still; `by` is who wrote it by hand."""

    contact_id: UUID
    source: str
    value: Value
    since: datetime
    until: datetime | None
    by: str | None
    believed: bool


async def history(tx: Tx, vault: Vault, contact_id: UUID, key: str, rules: ProfileRules) -> list[FieldSaid]:
    """Of all contacts of his person: what is said now, the believed first, then what was said before, the latest
    first."""
    spec = rules.fields.get(key)
    if spec is None and key not in (NAME, LEVEL):
        raise Invalid("there is no such field", "key")
    members = await contacts.members(tx, [(await contacts.contact(tx, contact_id)).person_id])
    kept = [each for each in await profiles.records(tx, members) if key in each.fields]
    before = await profiles.past(tx, members, key, _MOST)
    hidden = {each.contact_id for each in kept if each.sealed} | {each.contact_id for each in before if each.sealed}
    keys = await contacts.keys_of(tx, vault, hidden) if hidden else {}
    behind = profiles.precedence(rules.order(key))
    kept.sort(key=lambda each: behind(each.source, each.fields[key][1]))
    return [*_now(kept, key, spec, keys), *(_then(each, spec, keys) for each in before)]


def _now(
    kept: list[KeptRecord], key: str, spec: FieldSpec | None, keys: Mapping[UUID, DataKey]
) -> Iterator[FieldSaid]:  # fmt: skip
    for place, each in enumerate(kept):
        own = keys.get(each.contact_id)
        said = sealing.open_record(each, own).fields[key] if own else profiles.Said(*each.fields[key])
        yield FieldSaid(
            each.contact_id, each.source, _masked(spec, said.value), said.since, None, each.hands.get(key), place == 0
        )


def _then(past: Past, spec: FieldSpec | None, keys: Mapping[UUID, DataKey]) -> FieldSaid:
    value = sealing.open_past(past, keys[past.contact_id]) if past.sealed else past.value
    return FieldSaid(
        past.contact_id, past.source, _masked(spec, value), past.since, past.until, past.said_by, believed=False
    )  # fmt: skip


def _masked(spec: FieldSpec | None, value: Value) -> Value:
    return sealing.masked(spec, value) if spec is not None and spec.personal and value is not None else value
