"""Who gets a row: the index must agree with asking every socket by itself. Pure."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.live.rows import (
    BRAND,
    COLLEAGUE,
    ME,
    OTHER_BRAND,
    OTHER_TEAM,
    TEAM,
    conversation,
    socket,
    ticket,
    viewer,
)
from yizhan.desk.live import AgentSocket, Watch
from yizhan.desk.live.agents import Audience
from yizhan.desk.live.model import Row, reach_of
from yizhan.desk.views import sees
from yizhan.records.agents import Scope


def audience(*sockets: AgentSocket) -> Audience:
    made = Audience()
    for each in sockets:
        made.add(each)
    return made


def test_own_work_needs_no_watching_and_no_scope() -> None:
    mine = socket(viewer(scope=Scope.OWN))
    assert audience(mine).of_row(reach_of(conversation(agent_id=ME, team_id=OTHER_TEAM))) == {mine}


@pytest.mark.parametrize("supervises", [True, False])
def test_the_queue_comes_to_supervisors_and_to_who_asks(*, supervises: bool) -> None:
    line = socket(viewer(supervises=supervises))
    waiting = reach_of(conversation(phase="queued", agent_id=None))
    assert (audience(line).of_row(waiting) == {line}) is supervises
    assert audience(socket(queue=True)).of_row(waiting)
    assert not audience(socket(queue=True)).of_row(reach_of(conversation(phase="queued", agent_id=None, live=False)))


def test_watching_shows_only_what_may_be_seen() -> None:
    foreign = ticket(team_id=OTHER_TEAM)
    line = socket(tickets=frozenset({foreign.id}))
    assert audience(line).of_row(reach_of(foreign)) == set()
    near = ticket(id=foreign.id)
    assert audience(line).of_row(reach_of(near)) == {line}


def test_changing_the_watch_moves_the_socket_and_leaving_forgets_it() -> None:
    line, row = socket(list="unassigned"), reach_of(ticket())
    index = audience(line)
    assert index.of_row(row) == {line}
    index.watch(line, Watch(list="mine"))
    assert index.of_row(row) == set()
    index.watch(line, Watch(list="all"))
    index.remove(line)
    index.remove(line)
    assert (index.of_row(row), index.sockets, index._groups, index._by_watched) == (set(), set(), {}, {})


IDS = [UUID(int=n) for n in range(50, 54)]
viewers = st.builds(
    viewer, st.sampled_from([ME, COLLEAGUE]), st.sampled_from(list(Scope)), supervises=st.booleans(),
    team_ids=st.sampled_from([(), (TEAM,), (OTHER_TEAM,), (TEAM, OTHER_TEAM)]),
    brand_ids=st.sampled_from([(), (BRAND,), (OTHER_BRAND,)]),
)  # fmt: skip
watched = st.frozensets(st.sampled_from(IDS), max_size=2)
sockets = st.builds(
    socket, viewers, tickets=watched, contacts=watched, conversations=watched, queue=st.booleans(),
    list=st.sampled_from(["mine", "team", "unassigned", "all", "none"]),
)  # fmt: skip
shared = {
    "id": st.sampled_from(IDS), "agent_id": st.sampled_from([None, ME, COLLEAGUE]),
    "brand_id": st.sampled_from([BRAND, OTHER_BRAND]),
    "team_id": st.sampled_from([None, TEAM, OTHER_TEAM]), "contact_id": st.sampled_from(IDS),
}  # fmt: skip
rows: st.SearchStrategy[Row] = st.one_of(
    st.builds(
        conversation, phase=st.sampled_from(["queued", "served", "ended"]), ticket_id=st.sampled_from([None, *IDS]),
        **shared,
    ),
    st.builds(ticket, status=st.sampled_from(["new", "open"]), **shared),
)  # fmt: skip


@given(st.lists(sockets, max_size=5), rows)
def test_the_index_agrees_with_asking_each_and_nobody_sees_too_much(lines: list[AgentSocket], row: Row) -> None:
    index, reach = audience(*lines), reach_of(row)
    found = index.of_row(reach)
    assert found == {line for line in lines if index.includes(line, [reach])}
    assert all(sees(line.viewer, reach) for line in found)
    told = index.of_message(reach, None, (reach.conversation_id, reach.ticket_id, reach.contact_id))
    assert all(sees(line.viewer, reach) for line in told)
