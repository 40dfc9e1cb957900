"""What of the house documents may name."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from yizhan.desk.views.store import SQL
from yizhan.foundation.db import Tx
from yizhan.records.config import Places


async def places(tx: Tx) -> Places:
    ids: dict[str, set[UUID]] = defaultdict(set)
    keys: dict[str, set[str]] = {what: set() for what in ("brand", "inbox", "role", "skill", "held", "team", "staffed")}
    for row in await tx.fetch(SQL.places):
        ids[row["what"]].add(row["id"])
        keys[row["what"]].add(row["key"])
        if row["what"] == "staffed":
            keys["staffed"].add(str(row["id"]))
    return Places(
        frozenset(ids["inbox"]), frozenset(ids["team"]), frozenset(keys["skill"]),
        {what: frozenset(known) for what, known in keys.items() if what != "held"}, frozenset(keys["held"]),
    )  # fmt: skip
