"""公众号 as the house knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from yizhan.channels.wechat.api import WeChatApi
from yizhan.channels.wechat.checking import check_account
from yizhan.channels.wechat.inbound import openid_of
from yizhan.channels.wechat.mp.followers import who_they_are
from yizhan.channels.wechat.mp.form import FORM, STEPS
from yizhan.channels.wechat.mp.parse import hear
from yizhan.channels.wechat.mp.render import capabilities, plan
from yizhan.channels.wechat.mp.settings import MpSecrets, MpSettings
from yizhan.channels.wechat.sending import WeChatSender
from yizhan.desk.channels import Adapter, Fetched, Line, MediaGone, Words
from yizhan.records.contacts import Identifier
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule


def api_of(line: Line) -> WeChatApi:
    settings: MpSettings = line.account.settings
    return WeChatApi(line, settings.base_url, settings.appid, line.account.secrets.app_secret, settings.timeout)


def windows(settings: MpSettings) -> tuple[WindowRule, ...]:
    """A menu item tapped, a follow and a scan each open a short one, a payment a long one."""
    return (
        WindowRule(MESSAGE, settings.message_seconds, settings.message_count),
        WindowRule("menu", settings.menu_seconds, settings.menu_count),
        WindowRule("follow", settings.follow_seconds, settings.follow_count),
        WindowRule("scan", settings.scan_seconds, settings.scan_count),
        WindowRule("paid", settings.paid_seconds, settings.paid_count or None),
    )


def sender(line: Line) -> WeChatSender:
    return WeChatSender(line, api_of(line), partial(plan, settings=line.account.settings))


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    media_id = ref.get("media_id", "")
    if not media_id:
        raise MediaGone("the vendor named no file")
    return await api_of(line).media(media_id)


async def enrich(line: Line, addresses: Sequence[str]) -> Mapping[str, Sequence[Identifier]]:
    settings: MpSettings = line.account.settings
    return await who_they_are(line, api_of(line), addresses, unionid=settings.unionid, tag_id=settings.tag_id)


async def typing(line: Line, address: str) -> None:
    await api_of(line).typing(openid_of(address))


async def check(line: Line) -> list[Check]:
    secrets: MpSecrets = line.account.secrets
    return await check_account(
        api_of(line), token=secrets.token, aes_key=secrets.aes_key, plain=line.account.settings.plain
    )


ADAPTER = Adapter(
    name="wechat_mp", live=True,
    title=Words("微信公众号", "WeChat Official Account"), mark="wechat", settings=MpSettings,
    secrets=MpSecrets, form=FORM, steps=STEPS, capabilities=capabilities, windows=windows, hear=hear, sender=sender,
    fetch=fetch, enrich=enrich, typing=typing, check=check,
)  # fmt: skip
