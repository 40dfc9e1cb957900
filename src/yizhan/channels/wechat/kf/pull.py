"""One page of sync_msg: greeted first, since that is a matter of seconds; then names, then it is handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from yizhan.channels.wechat.kf import events
from yizhan.channels.wechat.kf.greeting import greet
from yizhan.channels.wechat.kf.parse import SERVICER, message
from yizhan.channels.wechat.kf.people import Customer, meet, memory_of
from yizhan.channels.wechat.kf.sessions import keep
from yizhan.channels.wechat.qyapi import Refused, call
from yizhan.channels.wechat.qycodes import PULL_TOKEN_BAD
from yizhan.channels.wechat.xml import Tree, branches_of, text_of
from yizhan.desk.channels import Arrival, ChannelEvent, Happening, Line, Pulled
from yizhan.records.contacts import Identifier


class Cursor(msgspec.Struct, frozen=True):
    """How far we are, and in what: an inbox that is given another account begins anew."""

    account: str = ""
    at: str = ""


async def pull(line: Line, cursor: Any, token: str) -> Pulled:
    """Without a cursor it begins as far back as the vendor keeps; what is known already is known by its id."""
    account, place = (
        line.account.settings.open_kfid,
        msgspec.convert(cursor if isinstance(cursor, dict) else {}, Cursor),
    )
    before = place.at if place.account == account else ""
    page = await _page(line, before, token)
    items, now = branches_of(page, "msg_list"), line.clock.now()
    greeted = await greet(line, items, now)
    found = [each for item in items for each in happenings(item, line.account.settings.media_days)]
    _forget_lost(line, items)
    ids = [each.who.value for each in found if isinstance(each, Arrival | ChannelEvent)]
    people, _ = await asyncio.gather(meet(line, ids, now), _keep(line, found, now))
    dressed = Dressing(people, greeted, now)
    reached = {"account": account, "at": text_of(page, "next_cursor") or before}
    return Pulled(tuple(map(dressed, found)), reached, text_of(page, "has_more") == "1")


async def _page(line: Line, cursor: str, token: str) -> Tree:
    asked: dict[str, Any] = {"open_kfid": line.account.settings.open_kfid, "limit": line.account.settings.page}
    asked |= {"voice_format": 0} | ({"cursor": cursor} if cursor else {})
    try:
        return await call(line, "/cgi-bin/kf/sync_msg", asked | ({"token": token} if token else {}))
    except Refused as refusal:
        if refusal.errcode != PULL_TOKEN_BAD or not token:
            raise
        return await call(line, "/cgi-bin/kf/sync_msg", asked)  # a nudge that waited for more than ten minutes


def happenings(item: Tree, media_days: int) -> list[Happening]:
    """What an item of sync_msg means. Pure; raises nothing."""
    if text_of(item, "msgtype") == "event":
        return events.event(item)
    if text_of(item, "origin") == SERVICER:
        return events.servicer_message(item)
    return message(item, media_days)


async def _keep(line: Line, found: Sequence[Happening], now: datetime) -> None:
    if line.account.settings.leave_sessions:
        return
    since = now - timedelta(hours=line.account.settings.window_hours)
    wrote = (each for each in found if isinstance(each, Arrival) and (each.at or now) > since)
    await keep(line, (each.who.value for each in wrote), now)


def _forget_lost(line: Line, items: Sequence[Tree]) -> None:
    """A session that was moved is no longer known to be ours."""
    memory = memory_of(line)
    for item in items:
        if text_of(item, "msgtype") == "event" and (id := events.customer_of(item)):
            memory.kept.pop(id, None)


class Dressing:
    """Puts names, proofs and sources on what came, in the order it came: who entered just now entered from there."""

    def __init__(self, people: Mapping[str, Customer], greeted: Mapping[str, str], now: datetime) -> None:
        self._people = people
        self._greeted = greeted
        self._now = now
        self._entered: dict[str, Mapping[str, str]] = {}

    def __call__(self, each: Happening) -> Happening:
        if not isinstance(each, Arrival | ChannelEvent):
            return each
        id = each.who.value
        known = self._people.get(id, Customer())
        proofs = (Identifier("unionid", known.unionid, self._now),) if known.unionid else ()
        name = known.name or each.who.masked
        if isinstance(each, Arrival):
            origin = {**(self._entered.get(id) or known.source)}
            return msgspec.structs.replace(each, name=name, proofs=proofs, origin=origin)
        detail = each.detail
        if each.kind == "enter":
            self._entered[id] = detail
            if id in self._greeted:
                detail = {**detail, "welcome": self._greeted[id]}
        return msgspec.structs.replace(each, name=name, proofs=proofs, detail=detail)
