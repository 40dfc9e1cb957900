"""What a 小程序 pushes, as XML or JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yizhan.channels.wechat import inbound
from yizhan.channels.wechat.mini.settings import MiniSecrets, MiniSettings, keys_of
from yizhan.channels.wechat.safe import SUCCESS, checked_address, let_in
from yizhan.channels.wechat.xml import Tree, branch_of, read, text_of
from yizhan.desk.channels import Account, Happening, Heard, Request

READERS: Mapping[str, inbound.Reader] = {
    "text": inbound.read_text,
    "image": inbound.read_image,
    "miniprogrampage": inbound.read_card,
}
_SUBSCRIPTION = frozenset({"subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"})


def hear(account: Account, request: Request, now: datetime) -> Heard:
    """Raises SignatureRefused for a stranger and Invalid for what is no message."""
    settings: MiniSettings = account.settings
    secrets: MiniSecrets = account.secrets
    keys = keys_of(settings, secrets)
    if request.method == "GET":
        return checked_address(keys, request)
    raw = let_in(keys, request, now, plain=settings.plain, fresh_seconds=settings.fresh_seconds)
    return Heard(parse(settings.appid, read(raw), raw), SUCCESS)


def parse(appid: str, tree: Tree, raw: bytes) -> tuple[Happening, ...]:
    """The same address is told of orders, reviews and parcels too, which name nobody or concern no talk."""
    if text_of(tree, "MsgType").lower() != "event":
        return (inbound.arrival(appid, tree, raw, READERS),)
    name = text_of(tree, "Event").lower()
    if name in inbound.PRIVACY:
        return (inbound.privacy_event(appid, tree, name),)
    if not text_of(tree, "FromUserName"):
        return ()
    if name == "user_enter_tempsession":
        # Written by the page the button is on, so by whoever holds the phone: shown, never believed.
        return (inbound.event(appid, tree, "enter", {"from": text_of(tree, "SessionFrom")[:1000]}),)
    if name in _SUBSCRIPTION:
        listed = branch_of(tree, "List")
        status = text_of(listed, "SubscribeStatusString", "ErrorStatus")
        return (inbound.event(
            appid, tree, "subscription", {"type": name, "template": text_of(listed, "TemplateId"), "status": status}
        ),)  # fmt: skip
    return (inbound.unknown_event(appid, tree),)
