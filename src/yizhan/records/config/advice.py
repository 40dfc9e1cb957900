"""What of a document may be meant, and is told all the same: it is saved, and said at its place.

Of conditions everywhere: types that are retired or gone, and what holds for every ticket. Kinds add their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from yizhan.foundation.conditions import Condition, Leaf, Op, always_holds, leaves
from yizhan.records.config.model import Advice, Places
from yizhan.records.config.policy import Published
from yizhan.records.config.types import type_tree

_ASKS_FOR = (Op.EQ, Op.IN, Op.CONTAINS)
EVERY = "this holds for every ticket: what stands after it is never reached"
EMPTY_TEAM = "nobody is in this team: nothing sent there is taken"


class Around(msgspec.Struct, frozen=True):
    """The house as it is while a document is written: what there is, the newest of all documents, the time."""

    places: Places
    published: Published
    now: datetime

    def is_empty(self, team: str) -> bool:
        """Whether nobody who is active belongs to this team, by its id or key."""
        staffed = self.places.keys.get("staffed")
        return staffed is not None and team not in staffed


def of_condition(condition: Condition, path: str, around: Around) -> Iterator[Advice]:
    tree = type_tree(around.published)
    for leaf in leaves(condition):
        if leaf.field.name == "team" and leaf.op in _ASKS_FOR:
            yield from of_teams(leaf.value if isinstance(leaf.value, tuple) else (leaf.value,), path, around)
        yield from _of_documents(leaf, path, around.published)
        if leaf.field.name not in ("type", "types") or leaf.op not in _ASKS_FOR:
            continue
        for key in leaf.value if isinstance(leaf.value, tuple) else (leaf.value,):
            if str(key) not in tree:
                yield Advice(path, f"the ticket type {key} does not exist: this never holds")
            elif tree.nodes[str(key)].retired:
                yield Advice(path, f"the ticket type {key} is retired: no new ticket has it")
    asks_something = any(True for _ in leaves(condition))
    if asks_something and always_holds(condition):
        yield Advice(path, EVERY)


def _of_documents(leaf: Leaf, path: str, published: Published) -> Iterator[Advice]:
    """Values that are names of documents: nothing is released that asks for one which is not there."""
    kind = leaf.field.document
    if kind is None or not published.knows(kind):
        return
    known = {document.name for document in published.documents() if document.kind == kind}
    for name in leaf.value if isinstance(leaf.value, tuple) else (leaf.value,):
        if isinstance(name, str) and name not in known:
            yield Advice(path, f"there is no {kind} {name}: make it first, or this cannot be released")


def of_teams(teams: Iterable[object], path: str, around: Around) -> Iterator[Advice]:
    for team in teams:
        if around.is_empty(str(team)):
            yield Advice(path, EMPTY_TEAM)
