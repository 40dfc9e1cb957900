"""What is known of a person, field by field, with who said it. Personal values stay masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from yizhan.desk.customers import store
from yizhan.desk.customers.model import ProfileField
from yizhan.desk.sources import ProfileRules
from yizhan.foundation.db import Tx
from yizhan.records import profiles
from yizhan.records.profiles import FieldSpec, KeptRecord


async def profile_of(tx: Tx, person: UUID, rules: ProfileRules) -> list[ProfileField]:
    """In the order of the document. Where several contacts of a person know a field, what was said last counts."""
    cards = await store.cards(tx, person)
    said = await profiles.records(tx, [contact for contact, _ in cards])
    return [field for spec in rules.fields.values() if (field := _latest(spec, cards, said, rules)) is not None]


def _latest(
    spec: FieldSpec, cards: Sequence[tuple[UUID, dict[str, Any]]], said: Sequence[KeptRecord], rules: ProfileRules
) -> ProfileField | None:
    found = [
        _field(spec, contact, fields[spec.key], [each for each in said if each.contact_id == contact], rules)
        for contact, fields in cards if fields.get(spec.key) is not None
    ]  # fmt: skip
    return max(found, key=lambda each: each.since.timestamp() if each.since else 0.0, default=None)


def _field(spec: FieldSpec, contact: UUID, kept: Any, said: Sequence[KeptRecord], rules: ProfileRules) -> ProfileField:
    source = _source(spec.key, said, rules)
    value = kept["masked"] if isinstance(kept, Mapping) and "masked" in kept else kept
    option = next((each for each in spec.options if each.key == value), None)
    return ProfileField(
        spec.key, spec.zh, spec.en, spec.type, value, option.zh if option else None, option.en if option else None,
        spec.personal, contact, source.source if source else None,
        source.fields[spec.key][1] if source else None,
    )  # fmt: skip


def _source(key: str, said: Sequence[KeptRecord], rules: ProfileRules) -> KeptRecord | None:
    """Whom we believe about it: the first in the order of the rules, else the latest."""
    saying = {each.source: each for each in said if key in each.fields}
    for name in rules.order(key):
        if name in saying:
            return saying[name]
    return max(saying.values(), key=lambda each: each.fields[key][1], default=None)
