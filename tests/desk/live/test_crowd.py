"""A crowd of changes: what is looked at or talked in comes at once, lists are read anew. Pure."""

from __future__ import annotations

from uuid import UUID, uuid4

from tests.desk.live.rows import COLLEAGUE, ME, NOW, conversation, socket, ticket, viewer
from tests.desk.live.test_audience import audience
from yizhan.desk.live import AgentSocket
from yizhan.desk.live.crowd import CROWD, is_crowd, narrow
from yizhan.desk.live.dirty import gather
from yizhan.desk.live.ring import Ring
from yizhan.desk.live.spread import KnownRows, Spread
from yizhan.desk.live.visitors import Visitors
from yizhan.desk.views import ConversationRow
from yizhan.foundation.journal import Entry, Head


def said(row: ConversationRow, pos: int, message: UUID) -> Entry:
    return Entry(
        pos=pos, seq=pos, at=NOW, kind="message.received", v=1, subject=row.id, subject_version=row.version,
        brand_id=row.brand_id, team_id=row.team_id, agent_id=row.agent_id, contact_id=row.contact_id,
        conversation_id=row.id, ticket_id=row.ticket_id, actor="customer", on_behalf=None, request=None, cause=None,
        depth=0, data={"message": str(message), "effect": "continue"},
    )  # fmt: skip


def mail(n: int) -> ConversationRow:
    return conversation(live=False, channel="email", ticket_id=uuid4(), contact_id=UUID(int=5_000 + n), version=3)


def test_a_crowd_is_more_than_anybody_reads() -> None:
    few = [said(mail(n), n + 1, uuid4()) for n in range(CROWD // 2)]
    assert not is_crowd(gather(few))
    assert is_crowd(gather([*few, said(mail(0), 900, uuid4())]))


def test_only_what_is_open_or_live_or_unknown_is_read_at_once() -> None:
    rows, passed, opened, chat, unknown = KnownRows(), mail(1), mail(2), conversation(version=3), mail(4)
    for row in (passed, opened, chat):
        rows.put(row)
    words = {row.id: uuid4() for row in (passed, opened, chat, unknown)}
    entries = [said(row, n + 1, words[row.id]) for n, row in enumerate((passed, opened, chat, unknown))]
    dirty = gather(entries)
    narrow(dirty, entries, rows, audience(socket(tickets=frozenset({opened.ticket_id}))), Visitors())
    assert set(dirty.conversations) == {opened.id, chat.id, unknown.id}
    assert set(dirty.tickets) == {opened.ticket_id}
    assert set(dirty.messages) == {words[opened.id], words[chat.id], words[unknown.id]}


def frames_of(rows: KnownRows, row: ConversationRow, *sockets: AgentSocket, crowded: bool) -> list[list[str]]:
    spread = Spread(Head(1, 9), 0.0, rows, audience(*sockets), Visitors(), Ring(0), None, crowded=crowded)  # type: ignore[arg-type]
    spread.row("conversation" if isinstance(row, ConversationRow) else "ticket", row)
    spread.finish()
    return [each.outlet.drain() for each in sockets]


def test_in_a_crowd_lists_get_no_rows_and_own_work_does() -> None:
    mine, other = socket(viewer(ME)), socket(viewer(COLLEAGUE), list="all", queue=True)
    row = ticket(agent_id=ME)
    crowd = frames_of(KnownRows(), row, mine, other, crowded=True)  # type: ignore[arg-type]
    assert [len(each) for each in crowd] == [1, 0]
    quiet = frames_of(KnownRows(), row, mine, other, crowded=False)  # type: ignore[arg-type]
    assert [len(each) for each in quiet] == [1, 1]


def test_a_row_passed_over_comes_whole_and_goes_from_every_list_it_may_be_in() -> None:
    """Nobody read what it was meanwhile: somebody may show it who is no longer meant."""
    rows, before = KnownRows(), mail(1)
    rows.put(before)
    rows.pass_over(before.id)
    now = conversation(**{**{f: getattr(before, f) for f in before.__struct_fields__}, "version": 5, "agent_id": ME})
    mine, other = socket(viewer(ME)), socket(viewer(COLLEAGUE), queue=True)
    to_me, to_other = frames_of(rows, now, mine, other, crowded=False)
    assert '"t":"put"' in to_me[0]
    assert '"t":"gone"' in to_other[0]
