"""Segments as one SQL expression for everybody at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

import msgspec

from yizhan.desk.segments.documents import SEGMENT, SegmentDocument, condition_of, fields_of
from yizhan.foundation.conditions import Condition, FieldSet, compile_sql, compile_turn
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Published


class Rules(msgspec.Struct, frozen=True):
    """The segments of a release; `digest` tells whether another release judges otherwise. `broken` are those that
    cannot be understood, each with why: nobody is in them."""

    number: int
    documents: Mapping[str, SegmentDocument]
    conditions: Mapping[str, Condition]
    broken: Mapping[str, str]
    fields: FieldSet
    digest: str


def compile_segments(published: Published) -> Rules:
    documents = published.all(SEGMENT) if published.knows(SEGMENT.name) else {}
    fields = fields_of(published)
    conditions: dict[str, Condition] = {}
    broken: dict[str, str] = {}
    for name, document in documents.items():
        try:
            conditions[name] = condition_of(document, fields)
        except Invalid as wrong:
            broken[name] = wrong.message
    columns = sorted(fields.columns().items())
    told = msgspec.json.encode([{name: document.when for name, document in documents.items()}, columns])
    return Rules(published.number, documents, conditions, broken, fields, sha256(told).hexdigest()[:32])


class Judging(msgspec.Struct, frozen=True):
    """`keys` is the list of a row's segments, `turn` when that changes by time alone, with all their parameters."""

    keys: str
    turn: str
    params: tuple[object, ...]


def judging(rules: Rules, start: int, now: datetime) -> Judging:
    columns = rules.fields.columns()
    params: list[object] = []
    keys, turns = [], []
    for name, condition in rules.conditions.items():
        holds, given = compile_sql(condition, columns, start + len(params), now=now)
        params += given
        keys.append(f"CASE WHEN {holds} THEN '{name}' END")
        turn, given = compile_turn(condition, columns, start + len(params), now=now)
        params += given
        turns += [turn] if turn else []
    listed = f"array_remove(ARRAY[{', '.join(keys)}]::text[], NULL)" if keys else "'{}'::text[]"
    return Judging(listed, ", ".join(turns) or "NULL::timestamptz", tuple(params))
