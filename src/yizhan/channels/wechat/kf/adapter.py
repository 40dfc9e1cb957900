"""微信客服 as the house knows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.channels.wechat.callback import answered, brought
from yizhan.channels.wechat.files import LIMITS
from yizhan.channels.wechat.kf.checking import check
from yizhan.channels.wechat.kf.form import FORM, STEPS
from yizhan.channels.wechat.kf.pull import pull
from yizhan.channels.wechat.kf.render import TEXT_BYTES
from yizhan.channels.wechat.kf.send import KfSender
from yizhan.channels.wechat.kf.settings import KfSecrets, KfSettings
from yizhan.channels.wechat.qyapi import fetch
from yizhan.channels.wechat.xml import text_of
from yizhan.desk.channels import Account, Adapter, Capabilities, Heard, Nudge, Request, Words
from yizhan.records.outbox import MESSAGE, WindowRule

_EVENT = "kf_msg_or_event"


def hear(account: Account, request: Request, now: datetime) -> Heard:
    """A nudge. All accounts of a company call the same address: which is meant is said with it."""
    asked = answered(account, request)
    if asked is not None:
        return asked
    said, _ = brought(account, request, now)
    if text_of(said, "Event") != _EVENT:
        return Heard()
    meant = text_of(said, "OpenKfId")
    other = meant not in ("", account.settings.open_kfid)
    return Heard((Nudge(text_of(said, "Token"), ("open_kfid", meant) if other else None),))


def capabilities(settings: KfSettings) -> Capabilities:
    kinds = frozenset({"location", "link", "card", "menu"})
    return Capabilities(text_bytes=TEXT_BYTES, files=LIMITS, kinds=kinds)


def windows(settings: KfSettings) -> tuple[WindowRule, ...]:
    return (WindowRule(MESSAGE, settings.window_hours * 3600, settings.window_messages),)


ADAPTER = Adapter(
    name="wechat_kf", title=Words("微信客服", "WeChat customer service"), mark="wechat", live=True, unsaid=True,
    settings=KfSettings, secrets=KfSecrets, form=FORM, steps=STEPS, capabilities=capabilities, windows=windows,
    hear=hear, sender=KfSender, pull=pull, pull_every=timedelta(minutes=5), fetch=fetch, check=check,
)  # fmt: skip
