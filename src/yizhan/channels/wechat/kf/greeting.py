"""Words that must be said within seconds: the vendor's code for them dies after twenty. Said inside the pull, once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from yizhan.channels.wechat.kf.events import customer_of
from yizhan.channels.wechat.kf.parse import moment
from yizhan.channels.wechat.kf.people import memory_of
from yizhan.channels.wechat.kf.render import welcome
from yizhan.channels.wechat.qyapi import call
from yizhan.channels.wechat.xml import Tree, branch_of, text_of
from yizhan.desk.channels import Line
from yizhan.foundation.errors import DomainError
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_SECONDS = 4.0  # of the twenty, for one call


class Greeting(NamedTuple):
    code: str
    words: str
    menu: tuple[str, ...]


async def greet(line: Line, items: Sequence[Tree], now: datetime) -> dict[str, str]:
    """What became of it, by customer: sent, late or failed. A failure holds up nothing, and it is not said again: the
    code is good for one message, and it may have been used."""
    memory, done = memory_of(line), dict[str, str]()

    async def one(item: Tree, greeting: Greeting) -> None:
        at, life = moment(item) or now, timedelta(seconds=line.account.settings.welcome_seconds)
        done[customer_of(item)] = "late" if now >= at + life else await _said(line, greeting)

    waiting = []
    for item in items:
        greeting = greeting_of(line, item)
        if greeting is not None and greeting.code not in memory.greeted:
            memory.note(memory.greeted, greeting.code, now)
            waiting.append(one(item, greeting))
    await asyncio.gather(*waiting)
    return done


def greeting_of(line: Line, item: Tree) -> Greeting | None:
    """None where there is nothing to say, or the vendor lets us say nothing."""
    said, settings = branch_of(item, "event"), line.account.settings
    if code := text_of(said, "welcome_code"):
        return Greeting(code, settings.welcome, settings.welcome_menu) if settings.welcome else None
    code = text_of(said, "msg_code")
    if code and settings.farewell and text_of(said, "change_type") == "3":
        return Greeting(code, settings.farewell, ())
    return None


async def _said(line: Line, greeting: Greeting) -> str:
    body = {"code": greeting.code, "msgid": sha256(greeting.code.encode()).hexdigest()[:32]}
    try:
        body |= welcome(greeting.words, greeting.menu)
        await call(line, "/cgi-bin/kf/send_msg_on_event", body, seconds=_SECONDS)
    except DomainError as failure:
        log.warning("kf.not_greeted", inbox=line.account.key, error=failure.message)
        return "failed"
    return "sent"
