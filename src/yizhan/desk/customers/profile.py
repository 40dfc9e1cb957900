"""What is known of a person, field by field, with who said it. Personal values stay masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yizhan.desk.customers import store
from yizhan.desk.customers.model import ProfileField
from yizhan.desk.sources import ProfileRules
from yizhan.foundation.db import Tx
from yizhan.records import profiles
from yizhan.records.profiles import FieldSpec, KeptRecord

_HIDDEN = "***"


class Believed(NamedTuple):
    """What counts of a field, with whose contact it is."""

    contact: UUID
    value: Any
    source: str | None = None
    since: datetime | None = None


async def profile_of(tx: Tx, person: UUID, rules: ProfileRules) -> list[ProfileField]:
    """In the order of the document. All contacts of a person are asked together: the source that is believed first is
    believed whichever of them it spoke of."""
    cards = dict(await store.cards(tx, person))
    said = await profiles.records(tx, list(cards))
    found = ((spec, believed(spec, cards, said, rules)) for spec in rules.fields.values())
    return [_field(spec, each) for spec, each in found if each is not None]


def believed(
    spec: FieldSpec, cards: Mapping[UUID, Mapping[str, Any]], said: Sequence[KeptRecord], rules: ProfileRules
) -> Believed | None:
    """What no source said and stands there all the same, for instance of a form, comes last."""
    behind = profiles.precedence(rules.order(spec.key))
    saying = [each for each in said if spec.key in each.fields]
    if not saying:
        told = ((contact, fields[spec.key]) for contact, fields in cards.items() if fields.get(spec.key) is not None)
        return next((Believed(contact, _shown(value)) for contact, value in told), None)
    first = min(saying, key=lambda each: behind(each.source, each.fields[spec.key][1]))
    value, since = first.fields[spec.key]
    if value is None:
        value = _shown(cards[first.contact_id].get(spec.key) or _HIDDEN)
    return Believed(first.contact_id, value, first.source, since)


def _shown(kept: Any) -> Any:
    """A personal value stands in the row masked."""
    return kept.get("masked", _HIDDEN) if isinstance(kept, Mapping) else kept


def _field(spec: FieldSpec, found: Believed) -> ProfileField:
    option = next((each for each in spec.options if each.key == found.value), None)
    return ProfileField(
        spec.key, spec.zh, spec.en, spec.type, found.value, option.zh if option else None,
        option.en if option else None, spec.personal, found.contact, found.source, found.since,
    )  # fmt: skip
