"""Who is one person: the connected groups of the links that hold now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID


def heads(contacts: Iterable[UUID], links: Iterable[tuple[UUID, UUID]]) -> Mapping[UUID, UUID]:
    """Every contact with the head of its group, the smallest id in it: the same whatever the order of the links."""
    parent = {c: c for c in contacts}

    def root(c: UUID) -> UUID:
        while parent[c] != c:
            parent[c] = parent[parent[c]]
            c = parent[c]
        return c

    for a, b in links:
        ra, rb = root(a), root(b)
        if ra != rb:
            parent[max(ra, rb)] = min(ra, rb)
    return {c: root(c) for c in parent}
