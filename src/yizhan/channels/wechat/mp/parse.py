"""What a 公众号 pushes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yizhan.channels.wechat import inbound
from yizhan.channels.wechat.mp.settings import MpSecrets, MpSettings, keys_of
from yizhan.channels.wechat.safe import SUCCESS, checked_address, let_in, sealed_reply
from yizhan.channels.wechat.xml import Tree, branch_of, read, text_of
from yizhan.desk.channels import Account, ChannelEvent, DeliveryReport, Happening, Heard, Request
from yizhan.desk.outbound import ErrorClass

READERS: Mapping[str, inbound.Reader] = {
    "text": inbound.read_text,
    "image": inbound.read_image,
    "voice": inbound.read_voice,
    "video": inbound.read_video,
    "shortvideo": inbound.read_video,
    "location": inbound.read_location,
    "link": inbound.read_link,
    "miniprogrampage": inbound.read_card,
}
# Only these three taps let us write; the others are told for the timeline.
_MENU = frozenset({"click", "scancode_push", "scancode_waitmsg"})
_LOOKED = frozenset({"view", "view_miniprogram", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"})
_SUBSCRIPTION = frozenset({"subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"})
PAID = frozenset({"merchant_order", "user_pay_from_pay_cell"})
_PAID_STATUS = frozenset({"", "2"})  # of an order: waits to be shipped
_OF_THE_ACCOUNT = frozenset({"masssendjobfinish"})  # concerns no customer
_BLOCKED = "block"


def hear(account: Account, request: Request, now: datetime) -> Heard:
    """Raises SignatureRefused for a stranger and Invalid for what is no message."""
    settings: MpSettings = account.settings
    secrets: MpSecrets = account.secrets
    keys = keys_of(settings, secrets)
    if request.method == "GET":
        return checked_address(keys, request)
    raw = let_in(keys, request, now, plain=settings.plain, fresh_seconds=settings.fresh_seconds)
    tree = read(raw)
    happenings = parse(settings.appid, tree, raw, paid=frozenset(settings.paid_events))
    answer = spoken_back(settings, tree)
    return Heard(happenings, sealed_reply(keys, request, _text(tree, answer, now)) if answer else SUCCESS)


def parse(appid: str, tree: Tree, raw: bytes, *, paid: frozenset[str] = PAID) -> tuple[Happening, ...]:
    """Usually one. `paid` are the events that tell of a payment. Raises Invalid where nobody is named."""
    if text_of(tree, "MsgType").lower() != "event":
        return (inbound.arrival(appid, tree, raw, READERS),)
    name = text_of(tree, "Event").lower()
    if name in _OF_THE_ACCOUNT:
        return ()
    if name == "templatesendjobfinish":
        return (_report(tree),)
    if name in paid and text_of(tree, "OrderStatus") in _PAID_STATUS:
        order = text_of(tree, "OrderId", "TransId")
        return (inbound.event(appid, {**tree, "EventKey": order}, "paid", {"type": name, "order": order}),)
    return (_event(appid, tree, name),)


def spoken_back(settings: MpSettings, tree: Tree) -> str:
    """What is answered in the callback itself, which the vendor does not count; empty for nothing."""
    if text_of(tree, "MsgType").lower() != "event":
        return ""
    match text_of(tree, "Event").lower():
        case "subscribe":
            return settings.welcome.strip()
        case "click":
            return settings.reply_to(text_of(tree, "EventKey"))
    return ""


def _event(appid: str, tree: Tree, name: str) -> ChannelEvent:
    key = text_of(tree, "EventKey")
    if name == "subscribe":
        return inbound.event(appid, tree, "follow", {"scene": key.removeprefix("qrscene_"), "ticket": _ticket(tree)})
    if name == "unsubscribe":
        return inbound.event(appid, tree, "unfollow")
    if name == "scan":
        return inbound.event(appid, tree, "scan", {"scene": key, "ticket": _ticket(tree)})
    if name in _MENU:
        return inbound.event(appid, tree, "menu", {"key": key, "type": name, **_scanned(tree)})
    if name in _LOOKED:
        return inbound.event(appid, tree, "menu_opened", {"key": key, "type": name, **_where(tree)})
    if name == "location":
        where = {"latitude": text_of(tree, "Latitude"), "longitude": text_of(tree, "Longitude")}
        return inbound.event(appid, tree, "location", where)
    if name in _SUBSCRIPTION:
        return inbound.event(appid, tree, "subscription", {"type": name, **_choice(tree)})
    if name in inbound.PRIVACY:
        return inbound.privacy_event(appid, tree, name)
    return inbound.unknown_event(appid, tree)


def _report(tree: Tree) -> DeliveryReport:
    """What became of a template message."""
    status = text_of(tree, "Status")
    done = status.lower() == "success"
    cause = ErrorClass.RECIPIENT if _BLOCKED in status.lower() else ErrorClass.UNKNOWN
    return DeliveryReport(
        vendor_id=text_of(tree, "MsgID", "MsgId"), state="delivered" if done else "failed",
        error_class=cause, words="" if done else status[:200], at=inbound.said_at(tree),
    )  # fmt: skip


def _text(tree: Tree, answer: str, now: datetime) -> dict[str, str | int]:
    return {
        "ToUserName": text_of(tree, "FromUserName"), "FromUserName": text_of(tree, "ToUserName"),
        "CreateTime": int(now.timestamp()), "MsgType": "text", "Content": answer,
    }  # fmt: skip


def _ticket(tree: Tree) -> str:
    return text_of(tree, "Ticket")


def _scanned(tree: Tree) -> dict[str, str]:
    return {"scanned": text_of(branch_of(tree, "ScanCodeInfo"), "ScanResult")}


def _where(tree: Tree) -> dict[str, str]:
    place = branch_of(tree, "SendLocationInfo")
    return {"address": text_of(place, "Label"), "latitude": text_of(place, "Location_X"),
            "longitude": text_of(place, "Location_Y")}  # fmt: skip


def _choice(tree: Tree) -> dict[str, str]:
    """XML wraps the list in a name that depends on the event; JSON gives an object or an array."""
    for holder in (tree, *(branch_of(tree, name) for name in tree)):
        listed = branch_of(holder, "List")
        if listed:
            status = text_of(listed, "SubscribeStatusString", "ErrorStatus")
            return {"template": text_of(listed, "TemplateId"), "status": status}
    return {}
