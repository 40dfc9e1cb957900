"""留言 and 回电: words for later, with one address to answer to, and when the answer is promised."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import post

from yizhan.channels.webchat import normalised_contact
from yizhan.desk import reception, supervision
from yizhan.desk.intake import Accepted
from yizhan.desk.reception import Attendance
from yizhan.desk.trail import Words
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, RateLimited
from yizhan.records import conversations
from yizhan.records.conversations import Draft, Phase
from yizhan.web.given import FromPath, GivenServices, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services
from yizhan.web.widget import hours
from yizhan.web.widget.door import Guest, bearer_guest
from yizhan.web.widget.saying import accept, identity_of, keep_profile, say
from yizhan.web.widget.shapes import LeaveAnswer, LeaveFrame, MessageFrame, MessageLeft

_LEFT = {
    "zh-CN": (
        "现在没有客服在线,您的留言已收到,我们会尽快回复。",
        "现在没有客服在线,您的留言已收到,我们将在 {by} 前回复。",
    ),
    "en": (
        "Nobody is here just now. We have your message and will answer soon.",
        "Nobody is here just now. We have your message and will answer by {by}.",
    ),
}
_WORDS = {"zh-CN": ("请给我回电", "联系方式"), "en": ("Please call me back", "Contact")}


@post("/widget/{key:str}/leave", opt=PUBLIC, status_code=200)
async def leave_message(
    key: FromPath[str], data: JSONBody[MessageLeft], request: AnyRequest, services: GivenServices
) -> LeaveAnswer:
    guest = await bearer_guest(services, request, key)
    wait = services.widgets.messages.take(guest.blind.hex())
    if wait:
        raise RateLimited(wait)
    frame = LeaveFrame(data.text, data.contact, data.name, data.callback, data.client_id)
    return LeaveAnswer(await leave(services, guest, frame, services.clock.now()))


async def leave(services: Services, guest: Guest, frame: LeaveFrame, now: datetime) -> str | None:
    """The address is a claim: it shows the visitor nothing of whoever owns it."""
    kind, value = normalised_contact(frame.contact)
    settings = guest.door.settings
    call_back, contact = _WORDS[settings.locale]
    text = frame.text.strip() or (call_back if frame.callback else "")
    if not text:
        raise Invalid("write what it is about", "text")
    done = await accept(
        services, guest, now, client_id=frame.client_id or f"leave-{now.timestamp():.0f}",
        text=f"{text}\n{contact}: {frame.contact.strip()}", attachments=[],
        origin={"leave": True, "callback": frame.callback}, payload={"leave": True, "callback": frame.callback},
    )  # fmt: skip
    said = Words(frame.name.strip()[:80], value if kind == "email" else "", value if kind == "phone" else "")
    async with services.db.transaction() as tx:
        if done.conversation_id is not None:
            await stop_waiting(tx, done.conversation_id, now)
        identity = await identity_of(tx, guest)
        assert identity is not None
        await keep_profile(tx, services, identity, said, now)
    return hours.promised(now, settings, settings.locale)


async def say_or_leave(services: Services, guest: Guest, frame: MessageFrame, now: datetime) -> Accepted:
    """Words that come while nobody can take them are left, whatever window they were written in (floor 2.8)."""
    if _goes_on(services, guest):
        return await say(services, guest, frame, now)
    async with services.db.read() as tx:
        duty = await hours.duty_of(tx, services, guest.door, now, guest.door.settings.locale)
        received = not duty.online and await _received(tx, services, guest, now)
    if duty.online or received:
        return await say(services, guest, frame, now)
    done = await say(services, guest, frame, now, payload={"leave": True})
    if done.conversation_id is not None and not done.duplicate:
        async with services.db.transaction() as tx:
            if await stop_waiting(tx, done.conversation_id, now, with_bot=False):
                await _tell(tx, done.conversation_id, duty.reply_by, guest.door.settings.locale, now)
    return done


async def stop_waiting(tx: Tx, conversation_id: UUID, now: datetime, *, with_bot: bool = True) -> bool:
    """Who goes on talking with the bot is served."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is Phase.BOT and not with_bot:
        return False
    left = await conversations.leave_message(tx, c, actor=f"customer:{c.contact_id}", now=now)
    if left and c.phase is Phase.BOT:
        await reception.leave_to_people(tx, c, now)
    return left


async def _received(tx: Tx, services: Services, guest: Guest, now: datetime) -> bool:
    """Whether the assistant stands in for people just now: it leaves the message itself where that is due."""
    inbox = guest.door.inbox
    rules = services.reception.book.of(inbox.id, inbox.team_id)
    if not rules.receives:
        return False
    there = Attendance(open=hours.is_open(now, guest.door.settings), staffed=False)
    first = await supervision.teams_bot_first(tx)
    return reception.receives(rules, there, bot_first=inbox.team_id in first) is not None


def _goes_on(services: Services, guest: Guest) -> bool:
    """Who is in the middle of a conversation is in nobody's way."""
    visitor = services.the_hub.visitors.of_blind(guest.blind)
    return visitor is not None and visitor.conversation is not None and visitor.conversation.phase != "ended"


async def _tell(tx: Tx, conversation_id: UUID, by: str | None, locale: str, now: datetime) -> None:
    c = await conversations.lock_conversation(tx, conversation_id)
    told, told_by = _LEFT[locale]
    draft = Draft(
        direction="system", author="system", text=told_by.format(by=by) if by else told, human=False,
        payload={"code": "left_by" if by else "left", "by": by or ""},
    )  # fmt: skip
    await conversations.say(tx, c, draft, now=now)
