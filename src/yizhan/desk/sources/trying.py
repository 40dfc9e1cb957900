"""What would become of rows, without taking any of them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.sources import policy
from yizhan.desk.sources.model import Did, OrderIn, Outcome, Problem
from yizhan.desk.sources.policy import Checked, CheckedOrder
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.records import agents, contacts, orders


async def try_profiles(tx: Tx, checked: Sequence[Checked]) -> list[Outcome]:
    """`created` for a customer the source has not told of before, else `changed`, although it may say nothing new."""
    known = await contacts.held(tx, [each.keys[0].blind for each in checked])
    return [_outcome(each.keys[0].blind in known, ()) for each in checked]


async def try_orders(tx: Tx, vault: Vault, rows: Sequence[OrderIn], *, source: str, now: datetime) -> list[Outcome]:
    brands = {brand.key: brand.id for brand in await agents.brands(tx)}
    checked = [policy.check_order(row, vault, source, brands, now) for row in rows]
    numbers = [each.number for each in checked if isinstance(each, CheckedOrder)]
    known = await orders.told(tx, source, numbers)
    return [
        _outcome(each.number in known, ()) if isinstance(each, CheckedOrder) else _outcome(False, each)
        for each in checked
    ]  # fmt: skip


def _outcome(known: bool, problems: tuple[Problem, ...]) -> Outcome:
    if problems:
        return Outcome(Did.REFUSED, problems=problems)
    return Outcome(Did.CHANGED if known else Did.CREATED)
