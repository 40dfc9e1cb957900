"""Taking in what sources say of customers: set-based, and the same rows again change nothing."""

from __future__ import annotations

from collections.abc import Sequence
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
from yizhan.foundation.journal import Event, emit
from yizhan.records import contacts, profiles
from yizhan.records.contacts import Card, Reached
from yizhan.records.profiles import LEVEL, NAME, Record, Replaced


async def put_profiles(
    tx: Tx, vault: Vault, rows: Sequence[ProfileIn], *, source: str, rules: ProfileRules, now: datetime, by: str
) -> list[Outcome]:
    """An outcome for each row: good ones go in whatever is wrong with others."""
    checked = [policy.check_profile(row, rules, vault, source, now) for row in rows]
    good = [each for each in checked if isinstance(each, Checked)]
    names = [str(each.values.get(NAME) or "") for each in good]
    reached = await contacts.reach(tx, vault, [each.keys for each in good], now=now, by=by, names=names)
    told = iter(await _take(tx, vault, good, reached, source, rules, now, by))
    return [
        next(told) if isinstance(each, Checked) else Outcome(Did.REFUSED, problems=each) for each in checked
    ]  # fmt: skip


class _Known(msgspec.Struct):
    """One contact while a batch is taken in."""

    card: Card
    own: DataKey
    made: bool
    records: dict[str, Record] = {}
    touched: bool = False
    replaced: list[Replaced] = []
    changed: set[str] = set()


async def _take(
    tx: Tx, vault: Vault, rows: Sequence[Checked], reached: Sequence[Reached], source: str, rules: ProfileRules,
    now: datetime, by: str,
) -> list[Outcome]:  # fmt: skip
    made = {each.contact_id for each in reached if each.created}
    known = await _known(tx, vault, {each.contact_id for each in reached}, made)
    outcomes = []
    for row, place in zip(rows, reached, strict=True):
        one = known[place.contact_id]
        before = one.records.get(source)
        taken = profiles.take(before, place.contact_id, source, row.values, row.at)
        if taken.record is None:
            outcomes.append(Outcome(Did.OLDER if taken.older else Did.UNCHANGED, place.contact_id))
            continue
        one.changed |= {key for key in row.values if taken.record.said(key) != (before and before.said(key))}
        one.records[source] = taken.record
        one.replaced.extend(taken.replaced)
        outcomes.append(Outcome(Did.CREATED if one.made and not one.touched else Did.CHANGED, place.contact_id))
        one.touched = True
    await _write(tx, [one for one in known.values() if one.touched], source, rules, now, by)
    return outcomes


async def _known(tx: Tx, vault: Vault, ids: set[UUID], made: set[UUID]) -> dict[UUID, _Known]:
    found = {}
    for contact_id, card in (await contacts.lock_cards(tx, ids)).items():
        own = vault.unwrap(card.data_key, aad=contact_id.bytes)
        found[contact_id] = _Known(card, own, contact_id in made)
    for kept in await profiles.records(tx, sorted(found)):
        one = found[kept.contact_id]
        one.records[kept.source] = sealing.open_record(kept, one.own)
    return found


async def _write(
    tx: Tx, changed: Sequence[_Known], source: str, rules: ProfileRules, now: datetime, by: str
) -> None:  # fmt: skip
    personal = frozenset(key for key, spec in rules.fields.items() if spec.personal)
    await profiles.write_records(tx, [sealing.kept_record(one.records[source], personal, one.own) for one in changed])
    await profiles.add_past(tx, [
        sealing.kept_past(one.records[source], past, personal, one.own) for one in changed for past in one.replaced
    ], by)  # fmt: skip
    cards = [_card(one, rules) for one in changed]
    versions = await contacts.write_cards(tx, cards)
    events = []
    for one, card in zip(changed, cards, strict=True):
        head: dict[str, Any] = {
            "subject": card.id, "subject_version": versions[card.id], "at": now, "actor": by, "contact_id": card.id,
        }  # fmt: skip
        events.append(Event(kind=CHANGED, data={"source": source, "fields": sorted(one.changed)}, **head))
        if (card.name, card.level) != (one.card.name, one.card.level) and not one.made:
            events.append(Event(kind="contact.changed", data={"fields": [NAME, LEVEL]}, **head))
    await emit(tx, events)


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
