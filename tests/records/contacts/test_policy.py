"""Who is one person: the same whatever the order in which links came."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yizhan.records.contacts import heads

IDS = [UUID(int=n) for n in range(8)]
pairs = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] != p[1]), max_size=12)


def clusters(links: list[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """The plain way: spread the smallest id along the links until nothing changes."""
    head = {c: c for c in IDS}
    for _ in IDS:
        for a, b in links:
            head[a] = head[b] = min(head[a], head[b])
    return head


@given(pairs, st.randoms())
def test_heads_are_the_smallest_ids_of_the_groups_in_any_order(links: list[tuple[UUID, UUID]], chance: object) -> None:
    found = heads(IDS, links)
    assert found == clusters(links)
    chance.shuffle(links)  # type: ignore[attr-defined]
    assert heads(IDS, [(b, a) for a, b in links]) == found


def test_who_has_no_link_is_alone() -> None:
    assert heads(IDS, []) == {c: c for c in IDS}
