"""The small parts: what waits for a socket, the last minutes, frames, what a visitor may see. Pure."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.live.rows import NOW, conversation, message, ticket
from yizhan.desk.live import Outlet, QueuePlace, read_place, widget_conversation, widget_message
from yizhan.desk.live import frames as made
from yizhan.desk.live.model import reach_of
from yizhan.desk.live.ring import KEEP_SECONDS, Change, Ring
from yizhan.desk.live.visitors import Visitors, VisitorSocket
from yizhan.desk.views import Author
from yizhan.foundation.journal import Head

AT = Head(1, 7)


def links(identity_id: UUID, digest: str, name: str) -> str:
    return f"/{identity_id}/{digest}/{name}"


async def test_what_waits_goes_out_together_and_too_much_ends_in_a_resync() -> None:
    outlet = Outlet(most_frames=3)
    outlet.put(["1"])
    assert await outlet.next() == "1"
    outlet.put(["1", "2"])
    outlet.put(["3"])
    assert await outlet.next() == "[1,2,3]"
    outlet.put(["1", "2", "3", "4"])
    assert json.loads(await outlet.next() or "") == {"t": "resync", "reason": "slow"}
    outlet.put(["5"])
    assert await outlet.next() is None
    assert outlet.closing == 4408


async def test_many_characters_are_too_much_too() -> None:
    outlet = Outlet(most_chars=10)
    outlet.put(["x" * 11])
    assert outlet.closing == 4408


def test_a_visitor_sees_an_order_as_a_card() -> None:
    said = {"number": "SO1", "title": "空气炸锅", "price": "¥399.00", "state": "已发货", "secret": "no"}
    shown = widget_message(message(direction="out", kind="order", text="订单 SO1 · 已发货", payload=said), links)
    assert shown.payload == {
        "card": {"id": "SO1", "title": "空气炸锅", "price": "¥399.00", "note": "SO1 · 已发货"}
    }  # fmt: skip


def change(id: UUID, pos: int, **more: Any) -> Change:
    return Change(pos, "ticket", id, made.Put("ticket", id, 1, {}, AT), reach_of(ticket(id=id)), **more)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=60), st.integers(0, 70), st.integers(1, 8))
def test_the_ring_tells_every_later_change_once_or_says_that_it_cannot(
    changes: list[tuple[int, int]], after: int, most: int
) -> None:
    ring, latest = Ring(0, most=most), dict[UUID, int]()
    seconds = 0.0
    for pos, (id, pause) in enumerate(changes, 1):
        seconds += pause
        ring.add(change(UUID(int=id), pos), seconds)
        ring.shorten(seconds)
        latest[UUID(int=id)] = pos
    assert len(ring) <= most
    found = ring.since(after)
    if found is None:
        assert after < ring.floor
    else:
        expected = sorted((pos, id) for id, pos in latest.items() if pos > after)
        assert [(c.pos, c.id) for c in found] == expected


def test_the_ring_forgets_by_age_and_remembers_whom_a_row_concerned() -> None:
    ring, id = Ring(0), uuid4()
    old = Change(1, "ticket", id, made.Put("ticket", id, 1, {}, AT), reach_of(ticket(id=id, agent_id=UUID(int=10))))
    ring.add(old, 0.0)
    ring.add(change(id, 2), 1.0)
    [found] = ring.since(0) or []
    assert found.earlier == (old.reach,)
    ring.add(change(uuid4(), 3), KEEP_SECONDS + 2)
    ring.shorten(KEEP_SECONDS + 2)
    assert ring.since(1) is None
    assert [c.pos for c in ring.since(2) or []] == [3]


def test_a_patch_holds_only_what_differs() -> None:
    before = conversation()
    after = msgspec.structs.replace(before, version=2, preview="急")
    frame = json.loads(made.patch("conversation", before, after, AT))
    row = {"version": 2, "preview": "急"}
    assert frame == {"t": "patch", "e": "conversation", "id": str(after.id), "v": 2, "row": row, "pos": "1:7"}


@pytest.mark.parametrize(
    ("text", "place"),
    [("1:23", Head(1, 23)), (None, None), ("", None), ("x", None), ("1:", None), ("-1:2", None), ("1:²", None)],
)
def test_places_from_outside(text: str | None, place: Head | None) -> None:
    assert read_place(text) == place
    assert read_place("1:" + "9" * 40) is None


def test_a_visitor_sees_names_of_agents_and_nothing_of_how_it_was_sent() -> None:
    file = {"hash": "ab", "name": "照片.png", "type": "image/png", "size": 3, "cid": "secret"}
    payload = {"options": ["是"], "mentions": ["x"], "internal": 1}
    shown = widget_message(message(delivery="failed", attachments=[file], payload=payload), links)
    assert (shown.from_, shown.name, shown.delivery) == ("agent", "林一", "sent")
    assert shown.payload == {"options": ["是"]}
    assert shown.attachments[0].url == f"/{UUID(int=40)}/ab/照片.png"
    mine = widget_message(message(direction="in", author=Author("customer", "王", uuid4()), client_id="c1"), links)
    assert (mine.from_, mine.name, mine.client_id) == ("customer", "", "c1")
    recalled = widget_message(message(recalled_at=NOW, text=""), links)
    assert (recalled.kind, recalled.text) == ("recalled", "")
    line = widget_message(message(direction="system", author=Author("agent", "林一")), links)
    assert (line.from_, line.name) == ("system", "")


def test_an_agents_own_ids_never_reach_a_visitor() -> None:
    row = message(client_id="agent-made", author=Author("agent", "林一", UUID(int=99)))
    text = made.shown(widget_message(row, links), AT)
    assert "agent-made" not in text
    assert str(UUID(int=99)) not in text


def test_a_given_rating_folds_the_form_only_for_who_comes_back() -> None:
    row = conversation(phase="ended", rating={"stars": 5, "solved": True})
    assert widget_conversation(row, None, survey=True).survey is True
    assert widget_conversation(row, None, survey=True, answered=True).survey is False


async def test_within_one_wait_the_place_only_falls() -> None:
    visitors, id = Visitors(), uuid4()
    told = [visitors.clamp(id, QueuePlace(n)).position for n in (5, 7, 3, 4, 1)]
    assert told == [5, 5, 3, 3, 1]
    visitors.forget_places([id])
    assert visitors.clamp(id, QueuePlace(9)).position == 9


async def test_a_visitor_is_found_by_his_blind_index_until_he_has_a_name() -> None:
    visitors, one, two = Visitors(), VisitorSocket(), VisitorSocket()
    visitor = visitors.enter(one, b"blind", UUID(int=20))
    assert visitors.enter(two, b"blind", UUID(int=20)) is visitor
    assert visitors.has_unnamed
    visitors.name(visitor, UUID(int=40))
    assert visitors.of_identity(UUID(int=40)) == (visitor,)
    assert not visitors.has_unnamed
    one.ready = True
    visitor.send(["frame"])
    assert (one.outlet.drain(), two.outlet.drain()) == (["frame"], [])
    visitors.leave(visitor, one)
    visitors.leave(visitor, two)
    assert (len(visitors), visitors.of_identity(UUID(int=40))) == (0, ())
