"""One customer and his invitation: asked by mail or at his visit, answered, refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.nps import policy, store
from yizhan.desk.nps.model import LOW, Answer, Invitation, Run, RunState
from yizhan.desk.nps.rules import NpsDocument, document_of
from yizhan.desk.nps.wording import letter_of
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import set_timer
from yizhan.records import conversations, outbox
from yizhan.records.conversations import Draft

FOLLOW = "nps.low"
GOING = (RunState.GATHERING, RunState.ASKING)

NpsLink = Callable[[UUID, datetime], str]
"""The signed address at which an invitation is answered, good until then."""


async def ask_these(
    tx: Tx, run: Run, document: NpsDocument, found: Sequence[Invitation], link: NpsLink, now: datetime
) -> None:
    since = now - timedelta(days=document.look_back_days)
    known = {p.person_id: p for p in await store.people(tx, [i.person_id for i in found], since, now)}
    spared = {
        i.id: why for i in found
        if (why := policy.hindered(known[i.person_id], document, now)) is not None
    }  # fmt: skip
    going = sorted((i for i in found if i.id not in spared), key=lambda i: i.conversation_id)
    messages: dict[UUID, UUID | None] = {}
    for invitation in going:
        messages[invitation.id] = await _mail(tx, invitation, link, now)
    await store.spare(tx, spared)
    await store.asked(tx, messages, now)
    await emit(tx, [_event(i, "nps.asked", "system", i.version + 1, now, {"run": run.id}) for i in going])


async def _mail(tx: Tx, invitation: Invitation, link: NpsLink, now: datetime) -> UUID:
    """Into his newest conversation by mail, without waking the ticket it belongs to."""
    c = await conversations.lock_conversation(tx, invitation.conversation_id)
    url = link(invitation.id, invitation.closes_at)
    subject, text = letter_of(invitation.locale, invitation.brand_name, url)
    stored = await conversations.say(tx, c, Draft(
        direction="out", author="system", kind="survey", text=text, human=False, payload={"subject": subject},
        client_id=f"nps:{invitation.id}",
    ), now=now)  # fmt: skip
    if not stored.repeated:
        await outbox.enqueue(
            tx, message_id=stored.message_id, inbox_id=c.inbox_id, conversation_id=c.id, channel=c.channel, now=now
        )
    return stored.message_id


async def visitor_question(tx: Tx, identities: Sequence[UUID], now: datetime) -> UUID | None:
    """The invitation that waits for a visitor. One small read a session."""
    return await store.of_visitor(tx, identities, now)


async def decline(tx: Tx, invitation_id: UUID, now: datetime) -> None:
    """He closed it: asked, and not shown again."""
    if await invited(tx, invitation_id, now) is not None:
        await store.declined(tx, invitation_id)


async def invited(tx: Tx, invitation_id: UUID, now: datetime) -> Invitation | None:
    """At his visit, the first time he sees it: None where something stands against asking him by now."""
    invitation = await store.lock_invitation(tx, invitation_id)
    if invitation.state == "asked":
        return invitation
    run = await store.lock_run(tx, invitation.run_id)
    document = document_of(run)
    since = now - timedelta(days=document.look_back_days)
    (person,) = await store.people(tx, [invitation.person_id], since, now)
    why = policy.hindered(person, document, now)
    if invitation.state != "waiting" or run.state not in GOING:
        return None
    if why is not None:
        await store.spare(tx, {invitation.id: why})
        return None
    await store.asked(tx, {invitation.id: None}, now)
    await emit(tx, [_event(invitation, "nps.asked", "system", invitation.version + 1, now, {"run": run.id})])
    return invitation


async def find(tx: Tx, invitation_id: UUID) -> Invitation | None:
    found = await store.invitations(tx, [invitation_id])
    return found[0] if found else None


async def answer(tx: Tx, invitation_id: UUID, said: Answer, now: datetime) -> Invitation:
    """A later word replaces the earlier, for as long as the run takes answers. A low one is followed up once."""
    invitation = await store.lock_invitation(tx, invitation_id)
    if not 0 <= said.score <= 10:
        raise Invalid("a score is 0 to 10", "score")
    if now >= invitation.closes_at:
        raise Conflict("this survey is over")
    version = await store.answer(tx, invitation.id, said.score, said.comment, now)
    actor = f"customer:{invitation.contact_id}"
    facts: dict[str, object] = {"run": invitation.run_id, "score": said.score, "commented": bool(said.comment)}
    await emit(tx, [_event(invitation, "nps.answered", actor, version, now, facts)])
    if said.score <= LOW and invitation.follow_up_id is None:
        await set_timer(tx, now, FOLLOW, invitation.id, 0)
    return invitation


async def unsubscribe(tx: Tx, invitation_id: UUID, now: datetime) -> Invitation:
    """No survey and no notice to this address any more; his own words are answered as before."""
    invitation = await store.lock_invitation(tx, invitation_id)
    made = await outbox.suppress(
        tx, invitation.identity_id, scope=outbox.NOTICES, reason="unsubscribed", words="nps",
        message_id=invitation.message_id, now=now,
    )  # fmt: skip
    await store.unsubscribed(tx, invitation.id)
    if made:
        await emit(tx, [Event(
            kind="address.suppressed", subject=invitation.identity_id, subject_version=1, at=now,
            actor=f"customer:{invitation.contact_id}", contact_id=invitation.contact_id,
            conversation_id=invitation.conversation_id,
            data={"reason": "unsubscribed", "scope": outbox.NOTICES, "message": invitation.message_id},
        )])  # fmt: skip
    return invitation


def _event(i: Invitation, kind: str, actor: str, version: int, now: datetime, facts: dict[str, object]) -> Event:
    return Event(
        kind=kind, subject=i.id, subject_version=version, at=now, actor=actor, brand_id=i.brand_id, team_id=i.team_id,
        contact_id=i.contact_id, conversation_id=i.conversation_id, data={"channel": i.channel, **facts},
    )  # fmt: skip
