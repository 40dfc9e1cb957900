"""What conditions call by name is called something else: documents follow, in force or not released yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.config import store
from yizhan.records.config.model import Body, Document, Kind, Kinds, Pick, Ref
from yizhan.records.config.policy import named
from yizhan.records.config.service import Configuration


def asks(kind: Kind[Any], field: str) -> bool:
    """Whether its conditions may ask for the field."""
    return kind.fields is not None and kind.fields.find(field) is not None


def renamed(part: Any, field: str, before: str, after: str) -> Any:
    """A part of a document in which conditions name `after` where they named `before`; a list names nothing twice."""
    if isinstance(part, list):
        return [renamed(each, field, before, after) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("field") == field and "op" in part:
        return {**part, "value": _called(part.get("value"), before, after)}
    return {key: renamed(each, field, before, after) for key, each in part.items()}


async def who_names(tx: Tx, kinds: Kinds, field: str) -> dict[str, list[Document]]:
    """The documents in force that name a value of the field, by value."""
    found: dict[str, list[Document]] = {}
    for document in await _in_force(tx):
        if document.kind in kinds and asks(kinds[document.kind], field):
            for value in dict.fromkeys(named(document.body, field)):
                found.setdefault(value, []).append(document)
    return found


async def rename_value(
    tx: Tx, configuration: Configuration, field: str, before: str, after: str, *, by: str, now: datetime, note: str
) -> list[Ref]:
    """Writes and releases, in one release, every document in force that names `before`; what else its newest draft
    says stays a draft, under the new name too. Raises Invalid, with the document, where one would make no sense then.
    """
    in_force = {document.ref: document for document in await _in_force(tx)}
    picks, drafts = [], []
    for newest in await store.latest_of_all(tx):
        if newest.kind not in configuration.kinds or not asks(configuration.kinds[newest.kind], field):
            continue
        held = in_force.get(newest.ref)
        fresh = _changed(held, field, before, after) if held is not None else None
        if fresh is not None:
            saved = await _save(tx, configuration, newest.ref, fresh, by, now, note)
            picks.append(Pick(saved.kind, saved.name, saved.version))
        if held is None or held.id != newest.id:
            ahead = _changed(newest, field, before, after)
            if ahead is not None or fresh is not None:
                drafts.append((newest.ref, ahead if ahead is not None else newest.body))
    if picks:
        await configuration.release(tx, picks, by=by, now=now, note=note)
    for ref, body in drafts:
        if body is None:
            await configuration.remove(tx, ref.kind, ref.name, by=by, now=now, note=note)
        else:
            await _save(tx, configuration, ref, body, by, now, note)
    return [Ref(pick.kind, pick.name) for pick in picks]


async def _save(
    tx: Tx, configuration: Configuration, ref: Ref, body: Body, by: str, now: datetime, note: str
) -> Document:
    try:
        return await configuration.save(tx, ref.kind, ref.name, body, by=by, now=now, note=note)
    except Invalid as wrong:
        place = f"{ref.kind}/{ref.name}" + (f": {wrong.field}" if wrong.field else "")
        raise Invalid(f"{ref.kind} {ref.name}: {wrong.message}", place) from None


def _changed(document: Document, field: str, before: str, after: str) -> Body | None:
    """None where it does not name it."""
    if document.body is None or before not in named(document.body, field):
        return None
    made: Body = renamed(document.body, field, before, after)
    return made


def _called(value: Any, before: str, after: str) -> Any:
    if not isinstance(value, list):
        return after if value == before else value
    return list(dict.fromkeys(after if each == before else each for each in value))


async def _in_force(tx: Tx) -> list[Document]:
    current = await store.current_release(tx)
    return await store.released_documents(tx, current.number) if current else []
