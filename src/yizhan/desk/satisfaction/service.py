"""Asking for a rating 邀评, and taking it: one way for every channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk import serving
from yizhan.desk.satisfaction import policy, store
from yizhan.desk.satisfaction.policy import Spared, Spell
from yizhan.desk.satisfaction.rules import SatisfactionBook
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import NewTimer, set_timer, set_timers
from yizhan.records import conversations, outbox, ratings
from yizhan.records.conversations import Draft, Phase, Rating
from yizhan.records.outbox import QuotaExhausted, WindowClosed
from yizhan.records.ratings import RatingRecord, Survey, Way

MAIL = "satisfaction.mail"
LOW = "satisfaction.low"
_LATE_MAIL = timedelta(hours=1)

RateLink = Callable[[UUID, datetime], str]
"""The signed address at which a conversation's customer rates it, good until then."""

_WORDS = {
    "zh": "感谢您联系我们。这次的问题解决了吗?请用几秒钟告诉我们:\n{link}\n"
    "链接 {hours} 小时内有效,提交后 24 小时内可以修改。",
    "en": "Thank you for writing to us. Was your problem solved? It takes a few seconds to tell us:\n{link}\n"
    "The link is good for {hours} hours; what you say can be changed for a day.",
}


class Given(msgspec.Struct, frozen=True, kw_only=True):
    solved: bool | None
    stars: int | None
    tags: list[str] = []
    comment: str = ""


async def hear_ends(tx: Tx, ended: Sequence[UUID], book: SatisfactionBook, now: datetime) -> None:
    """Of a batch of ends, in a few statements: windows ask at their end, links follow, mails an hour later. What
    is only read long after sends no mail any more."""
    found = await store.spells(tx, ended, now) if ended else []
    asked, later, persons = list[Spell](), list[NewTimer](), dict[UUID, datetime]()
    for spell in sorted(found, key=lambda each: each.ended_at or now):
        rules, at = book.of(spell.inbox_id, spell.team_id), spell.ended_at or now
        before = persons.get(spell.person_id)
        if policy.spared(spell, rules, at) is not None or (before and at - before < rules.again_after):
            continue
        way = policy.way_of(spell.channel)
        if way is Way.WINDOW:
            persons[spell.person_id] = at
            asked.append(spell)
        elif now - at <= (wait := rules.mail_after if way is Way.MAIL else timedelta(0)) + _LATE_MAIL:
            later.append(NewTimer(max(now, at + wait), MAIL, spell.conversation_id, 0))
    await _keep_asked(tx, [(spell, spell.ended_at or now) for spell in asked], "system")
    await set_timers(tx, later)


async def ask_by_mail(tx: Tx, conversation_id: UUID, book: SatisfactionBook, link: RateLink, now: datetime) -> None:
    """An hour after the end, unless the customer came back meanwhile or was asked elsewhere."""
    for spell in await store.spells(tx, [conversation_id], now):
        if spell.phase == Phase.ENDED and policy.spared(spell, book.of(spell.inbox_id, spell.team_id), now) is None:
            await _send(tx, spell, book, link, "system", now)


async def invite(
    tx: Tx, conversation_id: UUID, book: SatisfactionBook, link: RateLink, *, by: UUID, now: datetime
) -> None:
    """邀评, once a conversation. Whether the customer was spared is not for the agent to see."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase not in (Phase.SERVED, Phase.ENDED) or c.first_response_at is None:
        raise Conflict("a rating is asked for once somebody has served the customer")
    earlier = await ratings.survey_of(tx, c.id)
    if earlier is not None and earlier.invited_at is not None:
        raise Conflict("the customer was invited already")
    (spell,) = await store.spells(tx, [c.id], now)
    why = policy.spared(spell, book.of(c.inbox_id, c.team_id), now)
    way = policy.way_of(c.channel) or Way.WINDOW
    actor = f"agent:{by}"
    if why is None and way is not Way.WINDOW:
        await outbox.ensure_room(tx, c.id, c.channel, now, kept=True)  # he may try again once the customer wrote
        await _send(tx, spell, book, link, actor, now)
    elif why is None:
        await _keep_asked(tx, [(spell, now)], actor)
    await ratings.keep_surveys(tx, [Survey(
        conversation_id=c.id, contact_id=c.contact_id, way=way, asked_at=now if why is None else None, invited_by=by,
        invited_at=now, skipped=why if why not in (None, Spared.ASKED) else None,
    )])  # fmt: skip


async def rate(
    tx: Tx, conversation_id: UUID, given: Given, book: SatisfactionBook, *, way: Way, actor: str, now: datetime,
    follow: bool = True,
) -> RatingRecord:  # fmt: skip
    """A later word replaces the earlier; a low one is followed up once, but for what is told of the past."""
    c = await conversations.lock_conversation(tx, conversation_id)
    rules = book.of(c.inbox_id, c.team_id)
    earlier = await ratings.find_rating(tx, c.id)
    survey = await ratings.survey_of(tx, c.id)
    policy.check_time(earlier, survey, c.ended_at, way, rules, now)
    if given.solved is None and given.stars is None:
        raise Conflict("say whether it was solved, or give stars")
    agent, others = ratings.rated_agent(await store.turns(tx, c.id))
    low = ratings.is_low(given.stars, given.solved, rules.low_stars)
    record = RatingRecord(
        conversation_id=c.id, contact_id=c.contact_id, brand_id=c.brand_id, team_id=c.team_id, inbox_id=c.inbox_id,
        ticket_id=c.ticket_id, agent_id=earlier.agent_id if earlier else agent,
        others=earlier.others if earlier else others, solved=given.solved, stars=given.stars, tags=given.tags,
        comment=given.comment, way=way, given_at=earlier.given_at if earlier else now, changed_at=now, low=low,
    )  # fmt: skip
    said = Rating(given.solved, given.stars, given.tags, given.comment)
    await conversations.rate_conversation(tx, c, said, actor=actor, now=now, agent_id=record.agent_id)
    await ratings.keep(tx, record)
    if follow and low and (earlier is None or earlier.follow_up_id is None):
        await set_timer(tx, now, LOW, c.id, 0)
    return record


async def _send(tx: Tx, spell: Spell, book: SatisfactionBook, link: RateLink, actor: str, now: datetime) -> None:
    rules = book.of(spell.inbox_id, spell.team_id)
    words = _WORDS["en" if (spell.locale or "").startswith("en") else "zh"]
    hours = int(rules.link_life.total_seconds() // 3600)
    text = words.format(link=link(spell.conversation_id, now + rules.link_life), hours=hours)
    draft = Draft(
        direction="out", author="system", kind="survey", text=text, human=False,
        client_id=f"survey:{spell.conversation_id}",
    )  # fmt: skip
    try:
        await outbox.ensure_room(tx, spell.conversation_id, spell.channel, now, kept=True)
    except (QuotaExhausted, WindowClosed) as full:
        await _tell_unasked(tx, spell, full.code, actor, now)
        return
    try:
        await serving.reply(tx, spell.conversation_id, draft, now=now)
    except serving.KeptSilent:
        return  # a crisis: nobody is asked how it was
    await _keep_asked(tx, [(spell, now)], actor)


async def _tell_unasked(tx: Tx, s: Spell, why: str, actor: str, now: datetime) -> None:
    """Whoever served him sees why no rating comes: it is no judgement of the customer."""
    await emit(tx, [_event("conversation.unsurveyed", s, {"why": why, "inbox": s.inbox_id}, actor, now)])


async def _keep_asked(tx: Tx, asked: Sequence[tuple[Spell, datetime]], actor: str) -> None:
    await ratings.keep_surveys(tx, [
        Survey(
            conversation_id=s.conversation_id, contact_id=s.contact_id, way=policy.way_of(s.channel) or Way.WINDOW,
            asked_at=at,
        ) for s, at in asked
    ])  # fmt: skip
    await emit(tx, [
        _event("conversation.surveyed", s, {"way": policy.way_of(s.channel), "inbox": s.inbox_id}, actor, at)
        for s, at in asked
    ])  # fmt: skip


def _event(kind: str, s: Spell, facts: dict[str, object], actor: str, at: datetime) -> Event:
    return Event(
        kind=kind, subject=s.conversation_id, subject_version=s.version, at=at, actor=actor, brand_id=s.brand_id,
        team_id=s.team_id, agent_id=s.agent_id, contact_id=s.contact_id, conversation_id=s.conversation_id,
        ticket_id=s.ticket_id, data=facts,
    )  # fmt: skip
