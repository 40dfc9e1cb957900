"""The second question: a ticket that took more than a day is asked about as a whole, once it is 已完成."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk import routing, serving
from yizhan.desk.satisfaction import policy, store
from yizhan.desk.satisfaction.following import taker_of, tell
from yizhan.desk.satisfaction.rules import SatisfactionBook
from yizhan.desk.satisfaction.service import Given, RateLink
from yizhan.desk.satisfaction.store import Matter
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.timer import NewTimer, Timer, set_timer, set_timers
from yizhan.records import complaints, outbox, ratings, tickets
from yizhan.records.config import TypeTree
from yizhan.records.conversations import Draft
from yizhan.records.outbox import QuotaExhausted, WindowClosed
from yizhan.records.ratings import TicketRating, TicketSurvey, Way
from yizhan.records.tickets import By, LinkKind

ASK, LOW, DUE = "satisfaction.ticket", "satisfaction.ticket_low", "satisfaction.ticket_due"
_BY = By("satisfaction")
_TYPE = "callback"
_PRIORITY = 3
_LATEST = timedelta(days=4)
_WORDS = {
    "zh": "您的工单 #{number} 已完成。从头到尾处理得怎么样?请用几秒钟告诉我们:\n{link}",
    "en": "Your ticket #{number} is done. How did all of it go? It takes a few seconds to tell us:\n{link}",
}


async def hear_done(tx: Tx, done: Collection[UUID], book: SatisfactionBook, now: datetime) -> None:
    """Two statements a batch in which tickets ended, none else."""
    if not done:
        return
    due = []
    for matter in await store.long_done(tx, list(done)):
        rules = book.of(matter.inbox_id, matter.team_id)
        took, wait = matter.closed_at - matter.created_at, timedelta(0)
        if not rules.enabled or took <= rules.ticket_after or matter.asked or now - matter.closed_at > _LATEST:
            continue
        if policy.way_of(matter.channel) is Way.MAIL:
            wait = rules.mail_after
        facts: dict[str, object] = {"done": matter.closed_at.isoformat()}
        due.append(NewTimer(max(now, matter.closed_at + wait), ASK, matter.id, 0, facts))
    await set_timers(tx, due)


async def ask(tx: Tx, ticket_id: UUID, done: str, book: SatisfactionBook, link: RateLink, now: datetime) -> None:
    """Unless it was reopened. Who was asked anything within a day is asked when the day is over."""
    (matter,) = await store.long_done(tx, [ticket_id]) or (None,)
    if matter is None or matter.closed_at.isoformat() != done or matter.asked or not matter.answered:
        return
    rules = book.of(matter.inbox_id, matter.team_id)
    last_asked, limited = await store.stance(tx, matter.person_id, now)
    if not rules.enabled or limited or matter.channel in rules.never_on or policy.way_of(matter.channel) is None:
        return
    if await complaints.is_frozen(tx, matter.contact_id):
        return
    try:
        await outbox.ensure_room(tx, matter.conversation_id, matter.channel, now, kept=True)
    except (QuotaExhausted, WindowClosed):
        return
    if last_asked is not None and now - last_asked < rules.again_after:
        again = last_asked + rules.again_after
        if again - matter.closed_at <= _LATEST:
            await set_timer(tx, again, ASK, ticket_id, 0, {"done": done})
        return
    await _send(tx, matter, link(matter.id, now + rules.link_life), now)


async def _send(tx: Tx, matter: Matter, url: str, now: datetime) -> None:
    """As a line that waits in his window, elsewhere as a message."""
    words = _WORDS["en" if (matter.locale or "").startswith("en") else "zh"]
    way = policy.way_of(matter.channel) or Way.LINK
    waits = way is Way.WINDOW
    survey = TicketSurvey(
        ticket_id=matter.id, contact_id=matter.contact_id, conversation_id=matter.conversation_id,
        way=way if way is Way.MAIL else Way.LINK, asked_at=now,
        took_hours=int((matter.closed_at - matter.created_at).total_seconds() // 3600),
    )  # fmt: skip
    draft = Draft(
        direction="system" if waits else "out", author="system", kind="text" if waits else "survey",
        text=words.format(number=matter.number, link=url), human=False, client_id=f"survey:ticket:{matter.id}",
    )  # fmt: skip
    await serving.reply(tx, matter.conversation_id, draft, now=now, ticket_id=matter.id)
    await ratings.ask_about_ticket(tx, survey, version=matter.version, brand_id=matter.brand_id, now=now)


async def rate_ticket(
    tx: Tx, ticket_id: UUID, given: Given, book: SatisfactionBook, *, actor: str, now: datetime
) -> TicketRating:
    """A later word replaces the earlier for a day; a low one is followed up once."""
    survey = await ratings.ticket_survey_of(tx, ticket_id)
    if survey is None:
        raise Conflict("nobody was asked about this ticket")
    ticket = await tickets.lock_ticket(tx, ticket_id)
    earlier = await ratings.find_ticket_rating(tx, ticket_id)
    rules = book.of(None, ticket.team_id)
    if earlier is not None and now - earlier.given_at > rules.editable:
        raise Conflict("a rating can be changed for a day")
    if given.solved is None and given.stars is None:
        raise Conflict("say whether it was solved, or give stars")
    record = TicketRating(
        ticket_id=ticket_id, contact_id=ticket.contact_id, brand_id=ticket.brand_id, team_id=ticket.team_id,
        owner_id=ticket.owner_id or ticket.agent_id, conversation_id=survey.conversation_id,
        took_hours=survey.took_hours, solved=given.solved, stars=given.stars, tags=given.tags, comment=given.comment,
        given_at=earlier.given_at if earlier else now, changed_at=now,
        low=ratings.is_low(given.stars, given.solved, rules.low_stars),
    )  # fmt: skip
    await ratings.rate_ticket(tx, record, actor=actor)
    if record.low and (earlier is None or earlier.follow_up_id is None):
        await set_timer(tx, now, LOW, ticket_id, 0)
    return record


async def follow_up(tx: Tx, ticket_id: UUID, book: SatisfactionBook, types: TypeTree, now: datetime) -> None:
    """By somebody else than who answered for it, within the day; once."""
    matter = await tickets.lock_ticket(tx, ticket_id)
    rating = await ratings.find_ticket_rating(tx, ticket_id)
    if rating is None or not rating.low or rating.follow_up_id is not None:
        return
    place = await store.place(tx, rating.conversation_id)
    said = tickets.line("ticket_low_rating", stars=rating.stars or "-")
    made = await tickets.create_ticket(
        tx, contact_id=rating.contact_id, subject=f"{said} {matter.subject}", kind=types.known(_TYPE),
        priority=_PRIORITY, text=said, by=_BY, now=now, brand_id=rating.brand_id, team_id=rating.team_id,
        linked_to=ticket_id,
    )  # fmt: skip
    one, other = await tickets.lock_two(tx, made, ticket_id)
    await tickets.link_tickets(tx, one, other, LinkKind.RELATES, text=said, by=_BY, now=now)
    taker = taker_of(place, rating.owner_id)
    if taker is not None:
        note = tickets.line("low_rating_given")
        await routing.assign_ticket(tx, made, agent_id=taker, team_id=None, note=note, by=_BY, now=now)
    await ratings.follow_up_ticket(tx, rating, made, actor=_BY.actor, now=now)
    due = now + book.of(None, rating.team_id).follow_up
    await set_timer(tx, due, DUE, made, 0, {"ticket": ticket_id})
    task = await tickets.lock_ticket(tx, made)
    facts: dict[str, object] = {"stars": rating.stars, "solved": rating.solved, "due_at": due}
    told = [taker] if taker else [each for each in place.leads if each != rating.owner_id]
    await tell(tx, task, "rating.low", ("handler",) if taker else ("lead",), told, facts, _BY.actor, now)


async def remind(tx: Tx, timer: Timer, now: datetime) -> None:
    """The day is over: who leads is told, unless it is done."""
    task = await tickets.lock_ticket(tx, timer.subject)
    rating = await ratings.find_ticket_rating(tx, UUID(str(timer.data["ticket"])))
    if task.status in tickets.FINAL or rating is None:
        return
    place = await store.place(tx, rating.conversation_id)
    told = place.supervisors if place.leads in ([], [rating.owner_id]) else place.leads
    await tell(tx, task, "rating.overdue", ("lead",), told, {"stars": rating.stars}, f"timer:{DUE}", now)
