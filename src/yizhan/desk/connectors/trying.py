"""A test of a connector: asked for real, mapped, and shown; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from yizhan.desk.connectors import policy
from yizhan.desk.connectors.calling import Caller
from yizhan.desk.connectors.documents import Connector, LookUp, Pull
from yizhan.desk.connectors.looking import spelled
from yizhan.desk.connectors.mapping import Asked, Mapped, read_answer
from yizhan.desk.connectors.model import CallFailed, Preview
from yizhan.desk.sources import OrderIn, ProfileIn, ProfileRules, masked
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier, mask, normalise
from yizhan.records.profiles import Value

_SHOWN = 5


async def try_out(
    caller: Caller, connector: Connector, secrets: Mapping[str, str], value: str, rules: ProfileRules, now: datetime
) -> Preview:
    """Looks up `value`, an identifier of the first kind that look-ups ask by; without one, pulls the first page.

    What is personal is shown masked.
    """
    asked = None
    question: LookUp | Pull
    if value:
        if connector.look_up is None:
            raise Invalid("it looks nobody up", "value")
        by = connector.look_up.by[0]
        own = f"{connector.source}:{value}" if by.kind == "external" and ":" not in value else value
        known = normalise(by.kind, own)
        asked = Asked(Identifier(by.kind, known), by.kind in connector.verified)
        values = {"kind": by.name or by.kind, "value": spelled(by, known, connector.source)}
        question, seconds = connector.look_up, policy.LOOK_SECONDS
    elif connector.pull is not None:
        first = str(connector.pull.paging.first)
        values, question, seconds = {"since": "", "cursor": "", "page": first}, connector.pull, policy.PULL_SECONDS
    else:
        raise Invalid("whom shall it look up?", "value")
    try:
        answer = await caller.ask(connector, secrets, question, values, seconds)
        mapped = read_answer(answer, connector, rules.zone, now, asked) if answer is not None else Mapped([], [], [], 0)
    except CallFailed as failure:
        return Preview(cause=failure.cause, detail=failure.detail)
    return Preview(
        profiles=tuple(_profile(row, rules) for _, row in mapped.profiles[:_SHOWN]),
        orders=tuple(_order(row) for _, row in mapped.orders[:_SHOWN]), rows=mapped.rows,
        problems=tuple(mapped.problems),
    )  # fmt: skip


def _profile(row: ProfileIn, rules: ProfileRules) -> dict[str, object]:
    fields = {key: _shown(rules, key, value) for key, value in row.fields.items()}
    return {
        "identifiers": _masked(row.identifiers), "name": row.name, "level": row.level, "fields": fields, "at": row.at,
    }  # fmt: skip


def _shown(rules: ProfileRules, key: str, value: Value) -> Value:
    spec = rules.fields.get(key)
    return masked(spec, value) if spec is not None and spec.personal and value is not None else value


def _order(row: OrderIn) -> dict[str, object]:
    said = msgspec.to_builtins(row, builtin_types=(datetime,))
    return {**said, "identifiers": _masked(row.identifiers), "address": "***" if row.address else None}


def _masked(identifiers: tuple[Identifier, ...]) -> list[str]:
    return [f"{each.kind} {mask(each.kind, each.value)}" for each in identifiers]
