"""The routes that act: each red number has something to do about it."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, post

from yizhan.desk import routing, supervision, words
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, NotFound
from yizhan.records import agents
from yizhan.records.agents import Permission, Scope, Viewer
from yizhan.records.tickets import By
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, JSONBody
from yizhan.web.guards import permits
from yizhan.web.monitor.handlers import steps_now
from yizhan.web.monitor.shapes import (
    BotFirstRequest,
    CapsRequest,
    NoticeRequest,
    ReclaimRequest,
    ReclaimShape,
    ReinforceRequest,
    StepsShape,
    TakeOverRequest,
    WhisperRequest,
    WhisperShape,
)
from yizhan.web.seen import seen_conversation

SUPERVISE = [permits(Permission.SUPERVISE)]


@post("/monitor/reinforce", guards=SUPERVISE)
async def reinforce(data: JSONBody[ReinforceRequest], call: GivenCall) -> Response[StepsShape]:
    """增派: they come back by themselves."""

    async def verb(tx: Tx) -> StepsShape:
        await _ensure_team(tx, call.viewer, data.team_id)
        for agent_id in data.agent_ids:
            await _ensure_agent(tx, call.viewer, agent_id)
        await supervision.reinforce(
            tx, data.team_id, data.agent_ids, minutes=data.minutes, by=call.viewer, now=call.now
        )  # fmt: skip
        return await steps_now(tx)

    return await call.write(verb, 201)


@post("/monitor/caps", guards=SUPERVISE)
async def raise_caps(data: JSONBody[CapsRequest], call: GivenCall) -> Response[StepsShape]:
    """提高接待上限, of everybody of the team who is there."""

    async def verb(tx: Tx) -> StepsShape:
        await _ensure_team(tx, call.viewer, data.team_id)
        await supervision.raise_caps(
            tx, data.team_id, more=data.more, minutes=data.minutes, by=call.viewer, now=call.now
        )  # fmt: skip
        return await steps_now(tx)

    return await call.write(verb, 201)


@post("/monitor/notice", guards=SUPERVISE)
async def announce(data: JSONBody[NoticeRequest], call: GivenCall) -> Response[StepsShape]:
    """排队公告."""

    async def verb(tx: Tx) -> StepsShape:
        await _ensure_team(tx, call.viewer, data.team_id)
        rules = call.services.word_book.of(None, data.team_id)
        words.ensure_sayable([("text", data.text)], rules, approves=call.viewer.may(Permission.WORDS_APPROVE))
        await supervision.announce(tx, data.team_id, data.text, minutes=data.minutes, by=call.viewer, now=call.now)
        return await steps_now(tx)

    return await call.write(verb, 201)


@post("/monitor/bot-first", guards=SUPERVISE)
async def bot_first(data: JSONBody[BotFirstRequest], call: GivenCall) -> Response[StepsShape]:
    """机器人优先: refused where the assistant has nothing to do, because nobody taught it."""

    async def verb(tx: Tx) -> StepsShape:
        await _ensure_team(tx, call.viewer, data.team_id)
        book = call.services.reception.book
        if not any(book.of(inbox, data.team_id).receives for inbox in await supervision.inboxes_of(tx, data.team_id)):
            raise Conflict("no inbox of this team lets the assistant receive")
        await supervision.bot_first(tx, data.team_id, minutes=data.minutes, by=call.viewer, now=call.now)
        return await steps_now(tx)

    return await call.write(verb, 201)


@delete("/monitor/measures/{measure_id:uuid}", guards=SUPERVISE, status_code=200)
async def end_measure(measure_id: FromPath[UUID], call: GivenCall) -> Response[StepsShape]:
    """Before its time."""

    async def verb(tx: Tx) -> StepsShape:
        known = {m.id: m for m in await supervision.running(tx)}
        if measure_id not in known:
            raise NotFound(f"measure {measure_id}")
        await _ensure_team(tx, call.viewer, known[measure_id].team_id)
        await supervision.end(tx, measure_id, why=supervision.Ending.HAND, actor=call.actor, now=call.now)
        return await steps_now(tx)

    return await call.write(verb)


@post("/conversations/{conversation_id:uuid}/take-over", guards=SUPERVISE, status_code=204)
async def take_over(
    conversation_id: FromPath[UUID], data: JSONBody[TakeOverRequest], call: GivenCall
) -> Response[None]:
    """接管, or 改派 to another agent: at once, without being asked."""

    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        if data.agent_id is not None:
            await agents.agent(tx, data.agent_id)
        await routing.take_over(
            tx, conversation_id, data.agent_id or call.viewer.agent_id, note=data.note, by=_by(call), now=call.now,
            book=call.services.routing_book,
        )  # fmt: skip

    return await call.write(verb, 204)


@post("/conversations/{conversation_id:uuid}/whisper", guards=SUPERVISE)
async def whisper(
    conversation_id: FromPath[UUID], data: JSONBody[WhisperRequest], call: GivenCall
) -> Response[WhisperShape]:
    """悄悄话: shown to the agent where he writes, never to the customer."""

    async def verb(tx: Tx) -> WhisperShape:
        await seen_conversation(tx, call.viewer, conversation_id)
        return WhisperShape(
            await supervision.whisper(tx, conversation_id, data.text, by=call.viewer, now=call.now)
        )  # fmt: skip

    return await call.write(verb, 201)


@post("/agents/{agent_id:uuid}/reclaim", guards=SUPERVISE, status_code=200)
async def reclaim(agent_id: FromPath[UUID], data: JSONBody[ReclaimRequest], call: GivenCall) -> Response[ReclaimShape]:
    """回收: back to the front of the queue."""

    async def verb(tx: Tx) -> ReclaimShape:
        await _ensure_agent(tx, call.viewer, agent_id)
        return ReclaimShape(
            await supervision.reclaim(
                tx, agent_id, note=data.note, waiting=data.waiting, by=call.viewer, now=call.now
            )
        )  # fmt: skip

    return await call.write(verb)


async def _ensure_team(tx: Tx, viewer: Viewer, team_id: UUID) -> None:
    team = await agents.team(tx, team_id)
    seen = viewer.scope is Scope.ALL or team_id in viewer.team_ids
    if not seen and not (viewer.scope is Scope.BRAND and team.brand_id in viewer.brand_ids):
        raise Forbidden("not one of your teams")


async def _ensure_agent(tx: Tx, viewer: Viewer, agent_id: UUID) -> None:
    who = await agents.agent(tx, agent_id)
    if viewer.scope is not Scope.ALL and not {team.id for team in who.teams} & set(viewer.team_ids):
        raise Forbidden("not in your teams")


def _by(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


acts = (reinforce, raise_caps, announce, bot_first, end_measure, take_over, whisper, reclaim)
