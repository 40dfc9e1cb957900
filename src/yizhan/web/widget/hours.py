"""When somebody is there to answer: by the inbox's own calendar, and by who is really in the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.channels.webchat import WebchatSettings, opens_text, promise
from yizhan.desk import roster, routing
from yizhan.desk.live import Hub
from yizhan.desk.reception import Attendance, Attended
from yizhan.desk.roster import RosterBook
from yizhan.desk.routing import Chain
from yizhan.foundation.calendar import NeverOpen
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.web.services import Services
from yizhan.web.widget.door import Door, door_by_id

_ANSWER_WITHIN = timedelta(minutes=30)


class Duty(msgspec.Struct, frozen=True, tag_field="t", tag="duty"):
    """Not `online` means that a message is left; `reply_by` is what is promised for it, 明早 9:30. At `night` he may
    write, and whoever is on call comes for what is urgent: all else is answered by then.
    """

    online: bool
    opens: str | None
    reply_by: str | None
    night: bool = False


async def duty_of(tx: Tx, services: Services, door: Door, now: datetime, locale: str) -> Duty:
    """Whoever is on call answers at night too, while nobody else is there."""
    settings, inbox = door.settings, door.inbox
    opens = opens_text(settings, next_opening(now, settings), now, locale)
    if is_open(now, settings) and await routing.can_take(
        tx, inbox.id, inbox.team_id, queue_cap=settings.queue_cap, now=now, chains=services.overflow()
    ):
        return Duty(True, None, None)
    if await roster.answers_at_night(tx, inbox.id, inbox.team_id, services.roster_book, now):
        if roster.wakes_for_all(inbox.id, inbox.team_id, services.roster_book):
            return Duty(True, None, None)
        return Duty(True, None, promised(now, settings, locale), night=True)
    return Duty(False, opens, promised(now, settings, locale))


def promised(now: datetime, settings: WebchatSettings, locale: str) -> str | None:
    opens = next_opening(now, settings)
    by = promise(opens, now, timedelta() if opens else _ANSWER_WITHIN)
    return opens_text(settings, by, now, locale)


def attendance(vault: Vault, chains: Callable[[], Sequence[Chain]], roster_book: RosterBook) -> Attended:
    """What the assistant asks before it stands in for people, and before it hands on to them."""

    async def attended(tx: Tx, inbox_id: UUID, team_id: UUID | None, locale: str, now: datetime) -> Attendance:
        try:
            settings = (await door_by_id(tx, vault, inbox_id)).settings
        except NotFound:
            # No window of ours: it has no hours of its own, and nobody of it can be sent to leave a message.
            called = await roster.answers_at_night(tx, inbox_id, team_id, roster_book, now)
            return Attendance(open=True, staffed=not called, on_call=called)
        opened = is_open(now, settings)
        staffed = opened and await routing.can_take(
            tx, inbox_id, team_id, queue_cap=settings.queue_cap, now=now, chains=chains()
        )
        called = not staffed and await roster.answers_at_night(tx, inbox_id, team_id, roster_book, now)
        language = "en" if locale.lower().startswith("en") else "zh-CN"
        return Attendance(opened, staffed, called, None if staffed else promised(now, settings, language))

    return attended


async def tell_duty(services: Services, hub: Hub) -> None:
    """Visitors on the pages hear when the last agent leaves and when the first one comes."""
    told, now = services.widgets.duties, services.clock.now()
    for inbox_id in {visitor.inbox_id for visitor in hub.visitors}:
        try:
            async with services.db.read() as tx:
                door = await door_by_id(tx, services.vault, inbox_id)
                duty = await duty_of(tx, services, door, now, door.settings.locale)
            frame = msgspec.json.encode(duty).decode()
        except NotFound:
            continue  # the inbox was taken away under its visitors
        for visitor in hub.visitors:
            if visitor.inbox_id == inbox_id and told.get(visitor.blind) != frame:
                told.put(visitor.blind, frame)
                visitor.send([frame])


def is_open(now: datetime, settings: WebchatSettings) -> bool:
    return settings.hours().is_open(now)


def next_opening(now: datetime, settings: WebchatSettings) -> datetime | None:
    """None while open, and for an inbox that never opens."""
    hours = settings.hours()
    if hours.is_open(now):
        return None
    try:
        return hours.next_open(now)
    except NeverOpen:
        return None
