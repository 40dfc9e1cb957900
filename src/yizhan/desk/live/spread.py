"""From changed rows to frames at sockets: every projection is encoded once, whoever gets it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from uuid import UUID

from yizhan.desk.live import frames
from yizhan.desk.live.agents import AgentSocket, Audience
from yizhan.desk.live.model import Reach, Row, reach_of
from yizhan.desk.live.ring import Change, Ring
from yizhan.desk.live.visitors import Visitors
from yizhan.desk.live.widget import OPEN_TO_VISITOR, FileLinks, widget_message
from yizhan.desk.views import ConversationRow, MessageRow, TicketRow
from yizhan.foundation.journal import Head

_MOST_ROWS = 12_000
_WIDGET = "webchat"


class KnownRows:
    """The latest row of each thing that changed lately: what a patch starts from, and whom the row concerned."""

    def __init__(self, most: int = _MOST_ROWS) -> None:
        self._rows: OrderedDict[UUID, Row] = OrderedDict()
        self._old: set[UUID] = set()
        self._most = most

    def pass_over(self, id: UUID) -> None:
        """It changed, and nobody read how: whom it concerns now is not known."""
        if id in self._rows:
            self._old.add(id)

    def put(self, row: Row) -> Row | None:
        """What was known before."""
        before = self._rows.pop(row.id, None)
        if row.id in self._old:
            self._old.discard(row.id)
            before = None
        self._rows[row.id] = row
        if len(self._rows) > self._most:
            self._old.discard(self._rows.popitem(last=False)[0])
        return before

    def conversation(self, id: UUID | None) -> ConversationRow | None:
        row = self._rows.get(id) if id else None
        return row if isinstance(row, ConversationRow) else None

    def ticket(self, id: UUID | None) -> TicketRow | None:
        row = self._rows.get(id) if id else None
        return row if isinstance(row, TicketRow) else None

    def of_contacts(self, contacts: set[UUID]) -> Iterator[UUID]:
        for row in self._rows.values():
            if isinstance(row, ConversationRow) and row.contact_id in contacts:
                yield row.id


class Spread:
    """One tick's worth of frames, collected for each socket and handed over at its end."""

    def __init__(
        self, at: Head, seconds: float, rows: KnownRows, audience: Audience, visitors: Visitors, ring: Ring,
        links: FileLinks, *, crowded: bool = False,
    ) -> None:  # fmt: skip
        """Where `crowded`, lists are read anew: only own work and what is watched comes row by row."""
        self._crowded = crowded
        self._at = at
        self._seconds = seconds
        self._rows = rows
        self._audience = audience
        self._visitors = visitors
        self._ring = ring
        self._links = links
        self._out: dict[AgentSocket, list[str]] = defaultdict(list)
        self.changed: list[ConversationRow] = []

    def row(self, entity: str, row: Row) -> None:
        before = self._rows.put(row)
        if before == row:
            return
        reach = reach_of(row)
        whole = frames.Put(entity, row.id, row.version, row, self._at)
        now = self._audience.of_row(reach, listed=not self._crowded)
        patch = ""
        for socket in now:
            if before is not None and socket.holds(row.id) == before.version:
                patch = patch or frames.patch(entity, before, row, self._at)
                self._out[socket].append(patch)
            else:
                self._out[socket].append(whole.text)
            socket.hold(row.id, row.version)
        earlier = self._leave(entity, row, reach, before, now)
        self._ring.add(Change(self._at.pos, entity, row.id, whole, reach, earlier=earlier), self._seconds)
        if isinstance(row, ConversationRow):
            self.changed.append(row)

    def _leave(
        self, entity: str, row: Row, reach: Reach, before: Row | None, now: set[AgentSocket]
    ) -> tuple[Reach, ...]:
        """A row out of scope goes. Of one never seen here before, any list may hold an older form."""
        if before is None and row.version <= 1:
            return ()
        earlier = reach_of(before) if before is not None else None
        if earlier == reach:
            return ()
        left = self._before(earlier) - now
        if left:
            frame = frames.gone(entity, row.id, self._at)
            for socket in left:
                socket.let_go(row.id)
                self._out[socket].append(frame)
        return (earlier,) if earlier is not None else ()

    def _before(self, earlier: Reach | None) -> set[AgentSocket]:
        """Whose screens may show the row in its older form."""
        if earlier is not None:
            return self._audience.of_row(earlier, listed=not self._crowded)
        return set() if self._crowded else self._audience.sockets

    def message(self, message: MessageRow) -> None:
        conversation = self._rows.conversation(message.conversation_id)
        ticket = self._rows.ticket(message.ticket_id)
        if conversation is None:
            return
        reach, beside = reach_of(conversation), reach_of(ticket) if ticket is not None else None
        whole = frames.Put("message", message.id, self._at.pos, message, self._at)
        ids = (message.conversation_id, message.ticket_id, message.contact_id)
        for socket in self._audience.of_message(reach, beside, ids):
            self._out[socket].append(whole.text)
        change = Change(
            self._at.pos, "message", message.id, whole, reach, beside, (), self._show(message), message.identity_id,
            len(message.text) + len(message.html or ""),
        )  # fmt: skip
        self._ring.add(change, self._seconds)

    def _show(self, message: MessageRow) -> str | None:
        """To the visitors whose identity it is, and only what is open to him."""
        if message.channel != _WIDGET or message.direction not in OPEN_TO_VISITOR:
            return None
        frame = frames.shown(widget_message(message, self._links), self._at)
        for visitor in self._visitors.of_identity(message.identity_id):
            visitor.send([frame])
        return frame

    def to(self, sockets: set[AgentSocket], frame: str) -> None:
        for socket in sockets:
            self._out[socket].append(frame)

    def finish(self) -> None:
        self._ring.shorten(self._seconds)
        for socket, out in self._out.items():
            socket.outlet.put(out)
