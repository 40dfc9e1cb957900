"""The route of the agents' socket."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import msgspec
from litestar import websocket
from litestar.exceptions import WebSocketDisconnect

from yizhan.desk import views
from yizhan.desk.live import AgentSocket, Hub, Signal, Watch, read_place
from yizhan.desk.views import sees
from yizhan.foundation.errors import DomainError
from yizhan.records.access import NotSignedIn, resume_session, token_grant
from yizhan.records.agents import Permission, Scope, Viewer, found_again, mark_lost, viewer
from yizhan.web.given import GivenServices
from yizhan.web.guards import bearer_of, cookie_of
from yizhan.web.live.line import BAD_INPUT, AnySocket, converse
from yizhan.web.live.shapes import AgentFrame, Hello, Ping, Typing, Watching, watch_of
from yizhan.web.services import Services

_HELLO_SECONDS = 15.0
_GRACE_SECONDS = 5.0
_PONG = '{"t":"pong"}'
_MALFORMED = '{"t":"error","code":"malformed"}'

_frames: msgspec.json.Decoder[AgentFrame] = msgspec.json.Decoder(AgentFrame)
_leaving: set[asyncio.Task[None]] = set()


@websocket("/live")
async def agent_socket(socket: AnySocket, services: GivenServices) -> None:
    """The client speaks first: `hello` with what it shows and the position it knows."""
    who: Viewer = socket.scope["state"]["viewer"]
    hub = services.the_hub
    await socket.accept()
    hello = await _hello(socket)
    if hello is None:
        await socket.close(BAD_INPUT)
        return
    line = AgentSocket(who, _rechecker(socket, services, who), hello.window)
    hub.audience.guests.update(await _found(services, who.agent_id))
    hub.join(line, str(uuid4()), read_place(hello.after), await _seen(services, who, watch_of(hello.watch)))
    try:
        await converse(socket, line.outlet, _Ear(services, hub, line).hear)
    finally:
        if hub.leave(line):
            _later(_lose(services, who.agent_id))


class _Ear:
    """What one agent's client says."""

    def __init__(self, services: Services, hub: Hub, line: AgentSocket) -> None:
        self._services = services
        self._hub = hub
        self._line = line

    async def hear(self, text: str) -> None:
        try:
            frame = _frames.decode(text)
        except (msgspec.DecodeError, UnicodeError):
            self._line.outlet.finish(BAD_INPUT, _MALFORMED)
            return
        if isinstance(frame, Watching):
            self._hub.watch(self._line, await _seen(self._services, self._line.viewer, watch_of(frame)))
        elif isinstance(frame, Hello):
            self._hub.watch(self._line, await _seen(self._services, self._line.viewer, watch_of(frame.watch)))
        elif isinstance(frame, Typing):
            await self._typing(frame.conversation_id)
        elif isinstance(frame, Ping):
            self._line.outlet.put([_PONG])

    async def _typing(self, conversation_id: UUID) -> None:
        row = await self._hub.conversation(conversation_id)
        who = self._line.viewer
        if row is not None and sees(who, row):
            await self._hub.signal(
                Signal(kind="typing", conversation_id=row.id, agent_id=who.agent_id, who="agent", name=who.name)
            )
            if row.phase == "served" and self._services.channels is not None:
                self._services.channels.writing.show(row.channel, row.inbox_id, row.identity_id)


async def _seen(services: Services, who: Viewer, watch: Watch) -> Watch:
    """News of customers and their moves on the site go to who watches them: so nobody watches one he may not see."""
    if not watch.contacts or (who.scope is Scope.ALL and who.may(Permission.CUSTOMER_READ)):
        return watch
    if not who.may(Permission.CUSTOMER_READ):
        return msgspec.structs.replace(watch, contacts=frozenset())
    async with services.db.read() as tx:
        return msgspec.structs.replace(watch, contacts=await views.contacts_seen(tx, who, watch.contacts))


async def _hello(socket: AnySocket) -> Hello | None:
    try:
        async with asyncio.timeout(_HELLO_SECONDS):
            frame = _frames.decode(await socket.receive_data(mode="text"))
    except (TimeoutError, msgspec.DecodeError, UnicodeError, WebSocketDisconnect):
        return None
    return frame if isinstance(frame, Hello) else None


def _rechecker(socket: AnySocket, services: Services, opened_as: Viewer) -> Any:
    bearer, cookie = bearer_of(socket), cookie_of(socket)

    async def recheck() -> bool:
        """False when the sign-in is over or its grants changed; being here also ends a loss noticed elsewhere."""
        now = services.clock.now()
        async with services.db.transaction() as tx:
            try:
                if bearer is not None:
                    await token_grant(tx, bearer, now)
                else:
                    await resume_session(tx, cookie or "", now, services.settings.sessions)
            except (NotSignedIn, DomainError):
                return False
            who = await viewer(tx, opened_as.agent_id)
            if who is None or who.grants_version != opened_as.grants_version:
                return False
            await found_again(tx, who.agent_id, now)
        return True

    return recheck


async def _found(services: Services, agent_id: UUID) -> dict[UUID, frozenset[UUID]]:
    """He is here again; returns the tickets that he may read as one who is consulted."""
    async with services.db.transaction() as tx:
        await found_again(tx, agent_id, services.clock.now())
        return await views.guest_tickets(tx, [agent_id])


async def _lose(services: Services, agent_id: UUID) -> None:
    """A reload of the page is no loss: only who stays away a moment is marked."""
    await asyncio.sleep(_GRACE_SECONDS)
    if services.the_hub.audience.of_agent(agent_id):
        return
    async with services.db.transaction() as tx:
        await mark_lost(tx, agent_id, services.clock.now())


def _later(work: Any) -> None:
    task = asyncio.create_task(work)
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)
