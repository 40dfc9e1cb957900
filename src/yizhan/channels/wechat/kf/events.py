"""The events among what sync_msg brings. Pure.

What a customer did stands in his timeline; what concerns servicers of the vendor's own client only is nothing to keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from yizhan.channels.wechat.kf.failures import failed_as
from yizhan.channels.wechat.kf.parse import moment, said_of, who
from yizhan.channels.wechat.kf.render import ours
from yizhan.channels.wechat.xml import Tree, branch_of, text_of
from yizhan.desk.channels import Arrival, ChannelEvent, DeliveryReport, Happening, Recall

_PLACES = {"1": "主页", "2": "直播间商品列表", "3": "橱窗", "4": "小店商品详情", "5": "小店订单"}
_CHANGES = {"1": "taken", "2": "transferred", "3": "ended", "4": "reopened"}
_OF_SERVICERS = frozenset({"servicer_status_change"})


def event(item: Tree) -> list[Happening]:
    """What an event of sync_msg is; ids stand within it, or beside it."""
    said = branch_of(item, "event")
    type, id = text_of(said, "event_type"), text_of(item, "msgid")
    customer = customer_of(item)
    if type == "msg_send_fail":
        return [_send_failed(said, item)]
    if type == "user_recall_msg":
        return [Recall(id=text_of(said, "recall_msgid"), at=moment(item))]
    if type in _OF_SERVICERS or not customer:
        return []
    if type in _DETAILS:
        kind, detail = _DETAILS[type](said)
        return [
            ChannelEvent(id=id or _made_id(item), who=who(customer), name="", kind=kind, detail=detail, at=moment(item))
        ]
    return [_unknown(item, type, customer)]


def servicer_message(item: Tree) -> list[Happening]:
    """What somebody wrote to the customer in the vendor's own client: the story is not whole without it."""
    customer, type = text_of(item, "external_userid"), text_of(item, "msgtype")
    if not customer:
        return []
    said = said_of(type, branch_of(item, type))
    detail = {"servicer": text_of(item, "servicer_userid"), "type": type, "text": said.text[:2_000]}
    id = text_of(item, "msgid") or _made_id(item)
    return [ChannelEvent(id=id, who=who(customer), name="", kind="servicer", detail=detail, at=moment(item))]


def customer_of(item: Tree) -> str:
    return text_of(branch_of(item, "event"), "external_userid") or text_of(item, "external_userid")


def source_of(context: Mapping[str, Any]) -> dict[str, str]:
    """Where somebody came in: the scene of the link, and which place of 视频号."""
    found = {name: text_of(context, name)[:200] for name in ("scene", "scene_param")}
    channels = branch_of(context, "wechat_channels")
    if channels:
        place = text_of(channels, "scene")
        found["channels"] = text_of(channels, "nickname", "shop_nickname")[:100]
        found["place"] = _PLACES.get(place, place)
    return {name: value for name, value in found.items() if value}


def _entered(said: Tree) -> tuple[str, dict[str, Any]]:
    return "enter", dict(source_of(said))


def _session(said: Tree) -> tuple[str, dict[str, Any]]:
    change = text_of(said, "change_type")
    detail = {name: text_of(said, f"{name}_servicer_userid") for name in ("old", "new")}
    return "session", {"change": _CHANGES.get(change, change), **{k: v for k, v in detail.items() if v}}


def _servicer_recalled(said: Tree) -> tuple[str, dict[str, Any]]:
    return "servicer_recall", {"message": text_of(said, "recall_msgid"), "servicer": text_of(said, "servicer_userid")}


def _refuses(said: Tree) -> tuple[str, dict[str, Any]]:
    return "refuses", {"refuses": text_of(said, "reject_switch") == "1"}


def _send_failed(said: Tree, item: Tree) -> DeliveryReport:
    cause, words = failed_as(text_of(said, "fail_type"))
    id = text_of(said, "fail_msgid")
    return DeliveryReport(vendor_id=id, state="failed", ours=ours(id), error_class=cause, words=words, at=moment(item))


def _unknown(item: Tree, type: str, customer: str) -> Arrival:
    return Arrival(
        id=text_of(item, "msgid") or _made_id(item), who=who(customer), name="", kind="unsupported", at=moment(item),
        payload={"type": f"event {type}"[:40]}, raw=msgspec.json.encode(item), automatic=True,
    )  # fmt: skip


def _made_id(item: Tree) -> str:
    """Of what cannot change, where the vendor gives none."""
    said = branch_of(item, "event")
    parts = (customer_of(item), text_of(item, "send_time"), text_of(said, "event_type"), text_of(said, "welcome_code"))
    return ":".join(parts)


_DETAILS = {
    "enter_session": _entered, "session_status_change": _session, "servicer_recall_msg": _servicer_recalled,
    "reject_customer_msg_switch_change": _refuses,
}  # fmt: skip
