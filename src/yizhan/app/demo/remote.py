"""The demo's switch from any web process: the drive itself runs in the main one, and the bus lies between."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

import msgspec

from yizhan.app.demo.live import LiveDemo, check_speed, is_demo
from yizhan.foundation.bus import Bus
from yizhan.foundation.errors import Conflict, DomainError

if TYPE_CHECKING:
    from yizhan.app.house import House

_ASKED = "demo.asked"
_TOLD = "demo.told"
_TELL_SECONDS = 2.0
_RESET_SECONDS = 60.0


class Asked(msgspec.Struct, frozen=True):
    what: Literal["steer", "reset", "crm"]
    on: bool = True
    speed: float = 1.0
    id: str = ""


class Told(msgspec.Struct, frozen=True):
    """How the drive stands; `id` of the wish that is done, and why it could not be."""

    on: bool
    speed: float
    started_at: datetime
    id: str = ""
    refused: str = ""
    crm: bool = True


class DemoHost:
    """Beside the drive: does what other processes ask for and tells them how it stands."""

    def __init__(self, bus: Bus, demo: LiveDemo) -> None:
        self._bus = bus
        self._demo = demo

    async def run(self) -> None:
        """Until cancelled."""
        forget = self._bus.subscribe(_ASKED, self._asked)
        try:
            while True:
                await self._tell()
                await asyncio.sleep(_TELL_SECONDS)
        finally:
            forget()

    async def _asked(self, payload: bytes) -> None:
        asked = msgspec.json.decode(payload, type=Asked)
        refused = ""
        try:
            if asked.what == "steer":
                self._demo.steer(asked.on, asked.speed)
            elif asked.what == "crm":
                self._demo.switch_crm(asked.on)
            else:
                await self._demo.reset()
        except DomainError as why:
            refused = why.message
        await self._tell(asked.id, refused)

    async def _tell(self, id: str = "", refused: str = "") -> None:
        demo = self._demo
        told = Told(demo.on, demo.speed, demo.started_at, id, refused, demo.crm)
        await self._bus.publish(_TOLD, msgspec.json.encode(told))


class RemoteDemo:
    """What `yizhan.web` calls a demo drive, in a process that has none."""

    def __init__(self, bus: Bus, now: datetime) -> None:
        self._bus = bus
        self._state = Told(True, 1.0, now)
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._sending: set[asyncio.Task[None]] = set()
        bus.subscribe(_TOLD, self._told)

    @property
    def on(self) -> bool:
        return self._state.on

    @property
    def speed(self) -> float:
        return self._state.speed

    @property
    def started_at(self) -> datetime:
        return self._state.started_at

    @property
    def crm(self) -> bool:
        return self._state.crm

    def switch_crm(self, on: bool) -> None:
        self._state = msgspec.structs.replace(self._state, crm=on)
        self._send(Asked("crm", on))

    def steer(self, on: bool, speed: float) -> None:
        check_speed(speed)
        self._state = msgspec.structs.replace(self._state, on=on, speed=speed)
        self._send(Asked("steer", on, speed))

    def _send(self, asked: Asked) -> None:
        task = asyncio.create_task(self._ask(asked))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def reset(self) -> None:
        """Answers when it is done, as the drive itself does."""
        id = uuid4().hex
        done = self._waiting[id] = asyncio.get_running_loop().create_future()
        try:
            await self._ask(Asked("reset", id=id))
            async with asyncio.timeout(_RESET_SECONDS):
                refused = await done
        except TimeoutError:
            raise Conflict("the demo did not answer, try again") from None
        finally:
            del self._waiting[id]
        if refused:
            raise Conflict(refused)

    async def _ask(self, asked: Asked) -> None:
        await self._bus.publish(_ASKED, msgspec.json.encode(asked))

    def _told(self, payload: bytes) -> None:
        self._state = msgspec.json.decode(payload, type=Told)
        waiting = self._waiting.get(self._state.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(self._state.refused)


async def open_remote_demo(house: House) -> RemoteDemo | None:
    return RemoteDemo(house.bus, house.clock.now()) if house.settings.demo and await is_demo(house) else None
