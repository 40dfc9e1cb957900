"""What may be lost: who types, who looks at the same ticket, that a draft changed, an invitation to a page."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

import msgspec

from yizhan.desk.live import frames
from yizhan.desk.live.agents import AgentSocket, Audience
from yizhan.desk.live.model import Reach, Signal, reach_of
from yizhan.desk.live.visitors import Visitors
from yizhan.desk.views import ConversationRow
from yizhan.foundation.bus import Bus

TOPIC = "live"
_LOOKING_SECONDS = 20.0
_TYPING_SECONDS = 6.0  # as long as a screen shows it
_REPLACED = 4409

FindConversation = Callable[[UUID], Awaitable[ConversationRow | None]]


class _Typed(NamedTuple):
    """For whoever opens or comes back while it lasts."""

    frame: str
    reach: Reach
    ids: tuple[UUID | None, ...]
    until: float


class Signals:
    """Sent to every process by the bus, shown by each to its own sockets."""

    def __init__(self, bus: Bus, audience: Audience, visitors: Visitors, conversation: FindConversation) -> None:
        self._bus = bus
        self._audience = audience
        self._visitors = visitors
        self._conversation = conversation
        self._looking: dict[UUID, dict[UUID, tuple[str, float]]] = defaultdict(dict)
        self._typed: dict[tuple[UUID, UUID | None], _Typed] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def listen(self) -> Callable[[], None]:
        return self._bus.subscribe(TOPIC, self._heard)

    async def send(self, signal: Signal) -> None:
        await self._bus.publish(TOPIC, msgspec.json.encode(signal))

    def greet(self, socket: AgentSocket) -> None:
        """He is here, again perhaps: his dead socket is forgotten everywhere, and he sees who looks and who types."""
        if socket.window:
            back = Signal(kind="back", agent_id=socket.agent_id, id=socket.window, text=socket.session)
            self._later(back)
        self.look(socket, frozenset(), socket.watch.tickets)
        now = asyncio.get_running_loop().time()
        self._typed = {who: said for who, said in self._typed.items() if said.until > now}
        for (_, agent), said in self._typed.items():
            if agent != socket.agent_id and socket in self._audience.of_message(said.reach, None, said.ids):
                socket.outlet.put([said.frame])

    def forget(self, socket: AgentSocket) -> None:
        if socket in self._audience.sockets:
            self.look(socket, socket.watch.tickets, frozenset())
            self._audience.remove(socket)

    def look(self, socket: AgentSocket, before: frozenset[UUID], now: frozenset[UUID]) -> None:
        """What the agent opened and closed; a ticket open in another of his windows stays looked at."""
        for ticket in now - before:
            socket.outlet.put([self._viewers(ticket)])
            self._later(self._view(socket, ticket, on=True))
        elsewhere = {id for other in self._audience.of_agent(socket.agent_id) - {socket} for id in other.watch.tickets}
        for ticket in before - now - elsewhere:
            self._later(self._view(socket, ticket, on=False))

    async def refresh(self) -> None:
        """Says again who looks at what, because another process may have started meanwhile; forgets who does not."""
        now = asyncio.get_running_loop().time()
        for ticket, agents in list(self._looking.items()):
            if stale := [agent for agent, (_, until) in agents.items() if until < now]:
                for agent in stale:
                    del agents[agent]
                self._show(ticket)
        seen = {(s.agent_id, ticket): s for s in self._audience.sockets for ticket in s.watch.tickets}
        for (_, ticket), socket in seen.items():
            await self.send(self._view(socket, ticket, on=True))

    async def _heard(self, payload: bytes) -> None:
        signal = msgspec.json.decode(payload, type=Signal)
        if signal.kind == "typing" and signal.conversation_id is not None:
            await self._typing(signal, signal.conversation_id)
        elif signal.kind == "viewing" and signal.ticket_id is not None and signal.agent_id is not None:
            self._viewing(signal, signal.ticket_id, signal.agent_id)
        elif signal.kind == "draft" and signal.conversation_id is not None:
            self._draft(signal, signal.conversation_id)
        elif signal.kind == "back" and signal.agent_id is not None:
            self._back(signal, signal.agent_id)
        elif signal.kind == "invite" and signal.visitor:
            visitor = self._visitors.of_blind(bytes.fromhex(signal.visitor))
            if visitor is not None:
                invite = {"t": "invite", "id": signal.id, "text": signal.text, "name": signal.name}
                visitor.send([frames.text(invite)])

    async def _typing(self, signal: Signal, conversation_id: UUID) -> None:
        row = await self._conversation(conversation_id)
        if row is None:
            return
        ids = (row.id, row.ticket_id, row.contact_id)
        frame = frames.text(
            {"t": "typing", "conversation_id": row.id, "who": signal.who, "name": signal.name or row.contact_name}
        )
        until = asyncio.get_running_loop().time() + _TYPING_SECONDS
        self._typed[row.id, signal.agent_id] = _Typed(frame, reach_of(row), ids, until)
        for socket in self._audience.of_message(reach_of(row), None, ids):
            if socket.agent_id != signal.agent_id:
                socket.outlet.put([frame])
        if signal.who == "agent" and row.phase == "served":
            for visitor in self._visitors.of_identity(row.identity_id):
                visitor.send([frames.text({"t": "typing", "name": signal.name})])

    def _draft(self, signal: Signal, conversation_id: UUID) -> None:
        frame = frames.text({"t": "draft", "conversation_id": conversation_id, "version": signal.id or None})
        for socket in self._audience.of_agent(signal.agent_id):
            socket.outlet.put([frame])

    def _viewing(self, signal: Signal, ticket: UUID, agent: UUID) -> None:
        here = next((s for s in self._audience.of_agent(agent) if ticket in s.watch.tickets), None)
        if here is not None and not signal.on:  # another process lost him, who is at this one
            self._later(self._view(here, ticket, on=True))
            return
        known = self._looking[ticket]
        fresh = (agent in known) != signal.on
        if signal.on:
            known[agent] = (signal.name, asyncio.get_running_loop().time() + _LOOKING_SECONDS)
        else:
            known.pop(agent, None)
        if fresh:
            self._show(ticket)

    def _show(self, ticket: UUID) -> None:
        frame = self._viewers(ticket)
        if not self._looking.get(ticket):
            self._looking.pop(ticket, None)
        for socket in self._audience.watching(ticket):
            socket.outlet.put([frame])

    def _viewers(self, ticket: UUID) -> str:
        agents = [{"id": agent, "name": name} for agent, (name, _) in self._looking.get(ticket, {}).items()]
        return frames.text({"t": "viewing", "ticket_id": ticket, "agents": agents})

    def _back(self, signal: Signal, agent: UUID) -> None:
        for socket in list(self._audience.of_agent(agent)):
            if socket.window == signal.id and socket.session != signal.text:
                self.forget(socket)
                socket.outlet.finish(_REPLACED)

    def _view(self, socket: AgentSocket, ticket: UUID, *, on: bool) -> Signal:
        return Signal(kind="viewing", ticket_id=ticket, agent_id=socket.agent_id, name=socket.viewer.name, on=on)

    def _later(self, signal: Signal) -> None:
        task = asyncio.create_task(self.send(signal))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
