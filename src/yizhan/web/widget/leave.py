"""留言 and 回电: words for later, with one address to answer to, and when the answer is promised."""

from __future__ import annotations

from datetime import datetime

from litestar import post

from yizhan.channels.webchat import normalised_contact
from yizhan.desk.trail import Words
from yizhan.foundation.errors import Invalid, RateLimited
from yizhan.web.given import FromPath, GivenServices, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services
from yizhan.web.widget import hours
from yizhan.web.widget.door import Guest, bearer_guest
from yizhan.web.widget.saying import accept, identity_of, keep_profile
from yizhan.web.widget.shapes import LeaveAnswer, LeaveFrame, LeaveWish

_WORDS = {"zh-CN": ("请给我回电", "联系方式"), "en": ("Please call me back", "Contact")}


@post("/widget/{key:str}/leave", opt=PUBLIC, status_code=200)
async def leave_message(
    key: FromPath[str], data: JSONBody[LeaveWish], request: AnyRequest, services: GivenServices
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
    await accept(
        services, guest, now, client_id=frame.client_id or f"leave-{now.timestamp():.0f}",
        text=f"{text}\n{contact}: {frame.contact.strip()}", attachments=[],
        origin={"leave": True, "callback": frame.callback}, payload={"leave": True, "callback": frame.callback},
    )  # fmt: skip
    said = Words(frame.name.strip()[:80], value if kind == "email" else "", value if kind == "phone" else "")
    async with services.db.transaction() as tx:
        identity = await identity_of(tx, guest)
        assert identity is not None
        await keep_profile(tx, services, identity, said, now)
    return hours.promised(now, settings, settings.locale)
