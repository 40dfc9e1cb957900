"""What a visitor does beside writing: asks for a person, ends, rates, says who he is. Twice done is done once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.channels.webchat import checked_profile
from yizhan.desk import push, reception, satisfaction, serving, trail, views
from yizhan.desk.live import newest_of_visitor
from yizhan.desk.satisfaction import Given
from yizhan.desk.trail import Answer, InvitationCaps, Words
from yizhan.desk.views import ConversationRow
from yizhan.foundation.errors import NotFound
from yizhan.foundation.text import clean
from yizhan.records import conversations
from yizhan.records.conversations import EndReason, Phase
from yizhan.records.ratings import Way
from yizhan.web import nps
from yizhan.web.services import Services
from yizhan.web.widget import saying
from yizhan.web.widget.door import Guest
from yizhan.web.widget.saying import accept, own_identities
from yizhan.web.widget.shapes import InviteFrame, ProfileFrame, PushFrame, RateFrame

_ASKS = {"zh-CN": "转人工", "en": "I would like to talk to a person"}


async def ask_for_a_person(services: Services, guest: Guest, now: datetime, client_id: str) -> None:
    """转人工: out of the bot's hands into the queue. Where nothing runs, asking is the first word."""
    found = await _running(services, guest, now)
    if found is None:
        said = await accept(
            services, guest, now, client_id=client_id or f"human-{now.timestamp():.0f}",
            text=_ASKS[guest.door.settings.locale], attachments=[], payload={"event": "human"},
        )  # fmt: skip
        conversation_id = said.conversation_id
    else:
        conversation_id = found.id
    if conversation_id is None:
        return
    async with services.db.transaction() as tx:
        await reception.ask_for_person(tx, conversation_id, services.reception, now=now)


async def ask_the_assistant(services: Services, guest: Guest, now: datetime) -> None:
    """先问智能助手: while he queues; elsewhere nothing happens."""
    row = await _running(services, guest, now)
    if row is None:
        return
    async with services.db.transaction() as tx:
        await reception.ask_first(tx, row.id, services.reception, now=now)


async def end(services: Services, guest: Guest, now: datetime) -> None:
    row = await _running(services, guest, now)
    if row is None:
        return
    reason = EndReason.ABANDONED if row.phase == Phase.QUEUED else EndReason.CUSTOMER
    async with services.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, row.id)
        if c.phase is Phase.BOT:
            await reception.end_by_customer(tx, row.id, services.reception, now=now)
        elif c.phase is not Phase.ENDED:
            await serving.end_by_customer(tx, row.id, reason=reason, actor=f"customer:{c.contact_id}", now=now)


async def rate(services: Services, guest: Guest, frame: RateFrame, now: datetime) -> None:
    """His own ended conversation, for a day; a later word replaces the earlier."""
    async with services.db.transaction() as tx:
        own = await own_identities(tx, guest)
        rows = await views.conversation_rows(tx, [frame.conversation_id])
        if not rows or rows[0].identity_id not in own:
            raise NotFound("no such conversation")
        given = Given(
            solved=frame.solved, stars=frame.stars, tags=[clean(tag) for tag in frame.tags],
            comment=clean(frame.comment).strip(),
        )  # fmt: skip
        await satisfaction.rate(
            tx, frame.conversation_id, given, services.satisfaction_book, way=Way.WINDOW,
            actor=f"customer:{rows[0].contact_id}", now=now,
        )  # fmt: skip


async def introduce(services: Services, guest: Guest, frame: ProfileFrame, now: datetime) -> None:
    given = {"name": frame.name, "email": frame.email, "phone": frame.phone, "fields": frame.fields or {}}
    said = checked_profile(guest.door.settings, {k: v for k, v in given.items() if v})
    await saying.introduce(services, guest, Words(said.name, said.email, said.phone, dict(said.fields)), now)


async def consent(services: Services, guest: Guest, granted: bool) -> None:
    """Taken back, what was recorded of the visit is deleted; his words to us are not a trail and stay."""
    if granted:
        return
    services.widgets.visits.pop(guest.blind)
    services.widgets.pages.pop(guest.blind)
    async with services.db.transaction() as tx:
        await trail.forget_trail(tx, [guest.blind])


async def answer_invite(services: Services, guest: Guest, frame: InviteFrame, now: datetime) -> None:
    """A rule's invitation is kept when it is shown: the page decides the moment, the caps hold here."""
    rule = next((rule for rule in guest.door.settings.rules if rule.id == frame.id), None)
    async with services.db.transaction() as tx:
        if rule is None and await nps.hear(tx, await own_identities(tx, guest), frame.id, frame.answer, now):
            return
        if rule is not None and frame.answer is Answer.SHOWN:
            caps = InvitationCaps(per_day=guest.door.settings.invitations_per_day)
            await trail.invite(tx, guest.inbox_id, guest.blind, rule.text, now, rule=rule.id, caps=caps)
        await trail.answer_invitation(tx, guest.inbox_id, guest.blind, frame.id, frame.answer, now)


async def read(services: Services, guest: Guest, message_id: UUID, now: datetime) -> None:
    async with services.db.transaction() as tx:
        own = await own_identities(tx, guest)
        rows = await views.messages_by_id(tx, [message_id]) if own else []
        if not rows or rows[0].identity_id not in own:
            return
        c = await conversations.lock_conversation(tx, rows[0].conversation_id)
        await conversations.mark_read(tx, c, message_id, reader="customer", serving=False, now=now)


async def _running(services: Services, guest: Guest, now: datetime) -> ConversationRow | None:
    async with services.db.read() as tx:
        own = await own_identities(tx, guest)
        newest = await newest_of_visitor(tx, own, guest.inbox_id, now) if own else None
    return newest.row if newest is not None and newest.row.phase != Phase.ENDED else None


async def register_device(services: Services, guest: Guest, frame: PushFrame, now: datetime) -> None:
    """Before he has written, too: the device rings once there is an answer."""
    inbox, provider, token = guest.inbox_id, frame.provider, frame.token
    async with services.db.transaction() as tx:
        if frame.withdrawn:
            await push.withdraw(tx, services.vault, inbox, guest.blind, provider, token)
        else:
            locale = frame.locale or guest.door.settings.locale
            await push.register(tx, services.vault, inbox, guest.blind, provider, token, locale, now, frame.quiet)
