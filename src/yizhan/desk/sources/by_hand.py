"""What people of the house write of a customer themselves: a source like the others, believed before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yizhan.desk.sources.policy import Checked, standard_values
from yizhan.desk.sources.profiles import take_of
from yizhan.desk.sources.rules import ProfileRules
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records import contacts, profiles
from yizhan.records.profiles import BY_HAND, Value


async def write_by_hand(
    tx: Tx, vault: Vault, contact_id: UUID, values: Mapping[str, Value], *, rules: ProfileRules, now: datetime, by: str
) -> None:
    """Of the person whose contact this is; name and level are values too. None takes back what people wrote, whichever
    of his contacts it was written of, and the next source is believed.

    A value belongs to the contact before which it was written, and counts for the whole person as long as that is one
    of his: when they are taken apart it goes with it, and the others are as they were.
    """
    read, problems = standard_values(values, rules)
    if problems:
        raise Invalid(problems[0].message, problems[0].field)
    head = (await contacts.contact(tx, contact_id)).person_id
    written: dict[UUID, dict[str, Value]] = {contact_id: dict(read)}
    for kept in await profiles.records(tx, await contacts.members(tx, [head])):
        if kept.source == BY_HAND and kept.contact_id != contact_id:
            written[kept.contact_id] = {
                key: None for key, value in read.items() if value is None and key in kept.fields
            }
    rows = {id: Checked((), told, now) for id, told in written.items() if told}
    await take_of(tx, vault, rows, source=BY_HAND, rules=rules, now=now, by=by)
