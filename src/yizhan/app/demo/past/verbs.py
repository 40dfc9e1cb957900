"""What happens in a story, each by the verb that does it in service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import msgspec

from yizhan.app.demo.cast import Ending, Story, words
from yizhan.app.demo.past.stage import Stage, Telling, sender_for
from yizhan.desk import clocks, satisfaction, serving
from yizhan.desk.intake import scope_of
from yizhan.desk.routing import Explanation, Reason, wording
from yizhan.desk.satisfaction import Given, satisfaction_book
from yizhan.foundation.db import Tx
from yizhan.foundation.text import mask_phone
from yizhan.records import contacts, conversations, tickets
from yizhan.records.conversations import Conversation, Draft, Handing, Solved, Summary
from yizhan.records.ratings import Way
from yizhan.records.tickets import Action, By, Status

Verb = Callable[[Tx, Telling], Awaitable[None]]
_ROUTER = By("router")
_TIMER = By("timer:clocks.confirm")
_RATINGS = satisfaction_book()
_LIVE_CAP, _ASYNC_CAP = 5, 30
_AGREED = timedelta(hours=24)


async def introduce(tx: Tx, stage: Stage, told: Telling) -> UUID:
    """A member's level and the phone number a customer gave of himself."""
    customer, now = told.story.customer, told.story.start
    sender = sender_for(stage.vault, customer, live=told.live)
    scope = scope_of(sender.inbox_scoped, stage.staff.inboxes[told.story.inbox])
    identity = await contacts.identity_by_blind(tx, stage.vault.blind(sender.kind, scope + sender.value))
    assert identity is not None, "the customer has just written"
    if customer.level:
        known = await contacts.contact(tx, identity.contact_id)
        await contacts.change_contact(tx, msgspec.structs.replace(known, level=customer.level), actor="system", now=now)
    if customer.phone:
        await contacts.claim(
            tx, stage.vault, identity.contact_id, kind="phone", value=customer.phone, masked=mask_phone(customer.phone),
            actor=f"customer:{identity.contact_id}", now=now,
        )  # fmt: skip
    return identity.contact_id


async def hand_over(tx: Tx, stage: Stage, told: Telling) -> None:
    """An agent of the past takes it. What it weighed then is over, so no assignment is kept of it."""
    story, c = told.story, _conversation(told)
    login = story.agent or ""
    who, name = stage.staff.people[login], stage.staff.names[login]
    waited = max(2, int(told.reply_at.total_seconds() * 0.4))
    now = story.start + timedelta(seconds=waited)
    handing = Handing(c, who, {"reason": Reason.ROOM, "waited": waited})
    await conversations.hand_to(tx, [handing], actor="router", now=now)
    if told.ticket_id is None:
        return
    carried = 1 + story.customer.number % 3
    explained = Explanation(Reason.ROOM, waited, carried, _LIVE_CAP if told.live else _ASYNC_CAP)
    ticket = await tickets.lock_ticket(tx, told.ticket_id)
    text = wording.move(explained, name, live=told.live)
    await tickets.hand_over(
        tx, ticket, agent_id=who, team_id=None, text=text, by=_ROUTER, now=now, typed=False, conversation_id=c.id,
        evidence={"reason": Reason.ROOM},
    )  # fmt: skip


async def speak(tx: Tx, stage: Stage, told: Telling) -> None:
    """The agent's turn: answers that the customer has read by now, internal notes, a recall."""
    c = _conversation(told)
    author = f"agent:{stage.staff.people[told.story.agent or '']}"
    for line in list(told.lines_of("agent", "note")):
        now = told.story.start + line.after
        direction = "out" if line.by == "agent" else "note"
        said = await conversations.say(tx, c, Draft(direction=direction, author=author, text=line.text), now=now)
        if direction == "note":
            continue
        if told.ticket_id is not None:
            await tickets.replied(tx, told.ticket_id, now, line.text[:140], human=True)
        await conversations.report_delivery(tx, said.message_id, "read", now=now)
        if line.recalled:
            await conversations.recall_message(tx, c, said.message_id, actor=author, now=now + timedelta(seconds=6))


async def end(tx: Tx, stage: Stage, told: Telling) -> None:
    story, c = told.story, _conversation(told)
    if story.ending is Ending.LEFT:
        await clocks.abandon(tx, c.id, actor=f"customer:{c.contact_id}", now=story.ends_at + timedelta(minutes=3))
        return
    by = _agent(stage, story)
    if told.live:
        await _end_chat(tx, told, by)
    elif told.ticket_id is not None:
        words_of_own = story.own_words or _proposed(story)
        await serving.move(tx, told.ticket_id, Action.SOLVE, text=words_of_own, by=by, now=story.ends_at, typed=True)
    if story.ending is Ending.CANCELLED and told.ticket_id is not None:
        text = story.own_words or "与业务无关"
        await serving.move(tx, told.ticket_id, Action.CANCEL, text=text, by=by, now=story.ends_at, typed=True)
    elif story.stars is not None:
        await _rate(tx, told, c)
    elif story.agreed_after is not None and told.ticket_id is not None:
        hours = int(story.agreed_after.total_seconds() // 3600)
        await serving.move(
            tx, told.ticket_id, Action.CONFIRM, text=tickets.line("confirmed", hours=hours), by=_TIMER,
            now=story.ends_at + story.agreed_after, typed=False,
        )  # fmt: skip


async def finish(tx: Tx, stage: Stage, told: Telling) -> None:
    """What was left when the conversation was over: somebody does it, and the customer lets it stand."""
    story = told.story
    if story.done_by is None or story.done_after is None or told.ticket_id is None:
        return
    who, now = stage.staff.people[story.done_by], story.start + story.done_after
    by, ticket = By(f"agent:{who}", who), await tickets.lock_ticket(tx, told.ticket_id)
    if ticket.status not in (Status.NEW, Status.OPEN):
        return
    if ticket.agent_id is None:
        explained = Explanation(Reason.ROOM, 60, 1, _ASYNC_CAP)
        taken = now - timedelta(minutes=3)
        await tickets.hand_over(
            tx, ticket, agent_id=who, team_id=None, by=_ROUTER, now=taken, typed=False,
            text=wording.move(explained, stage.staff.names[story.done_by], live=False),
            evidence={"reason": Reason.ROOM},
        )  # fmt: skip
    text = story.own_words or "已电话联系客户并按约定处理完毕"
    await serving.move(tx, ticket.id, Action.SOLVE, text=text, by=by, now=now, typed=True)
    if now + _AGREED < stage.now:
        hours = int(_AGREED.total_seconds() // 3600)
        said = tickets.line("confirmed", hours=hours)
        await serving.move(tx, ticket.id, Action.CONFIRM, text=said, by=_TIMER, now=now + _AGREED, typed=False)


async def _end_chat(tx: Tx, told: Telling, by: By) -> None:
    story = told.story
    solved = {Ending.SOLVED: Solved.SOLVED, Ending.FOLLOW_UP: Solved.FOLLOW_UP}.get(story.ending, Solved.UNSOLVED)
    typed = story.own_words is not None and story.ending is not Ending.CANCELLED
    text = story.own_words if typed and story.own_words else _proposed(story)
    summary = Summary(story.kind, solved, text)
    await serving.end(tx, told.conversation_id, summary, typed=typed, by=by, now=story.ends_at)


async def _rate(tx: Tx, told: Telling, c: Conversation) -> None:
    """Rated by the customer, which is what he says to 待客户确认."""
    story, now = told.story, told.story.ends_at + timedelta(seconds=40)
    actor = f"customer:{c.contact_id}"
    given = Given(solved=story.solved, stars=story.stars, tags=list(story.tags), comment=story.comment)
    way = Way.WINDOW if told.live else Way.MAIL
    await satisfaction.rate(tx, c.id, given, _RATINGS, way=way, actor=actor, now=now, follow=False)
    if told.ticket_id is None:
        return
    ticket = await tickets.lock_ticket(tx, told.ticket_id)
    if ticket.status is not Status.PENDING:
        return
    action = Action.RETURN_TO_QUEUE if story.solved is False else Action.CONFIRM
    said = f"客户评价:{'未解决' if story.solved is False else '已解决'} {story.stars} 星"
    await tickets.move_ticket(
        tx, ticket, action, text=said, by=By(actor), now=now, typed=False, conversation_id=c.id,
        evidence={"conversation_id": str(c.id)},
    )  # fmt: skip


def _agent(stage: Stage, story: Story) -> By:
    who = stage.staff.people[story.agent or ""]
    return By(f"agent:{who}", who)


def _proposed(story: Story) -> str:
    asked = next((line.text for line in story.lines if line.by == "customer" and line.text), "")
    return words.summary(asked, [line.text for line in story.lines if line.by == "agent"])


def _conversation(told: Telling) -> Conversation:
    assert told.conversation is not None, "the story has begun"
    return told.conversation
