"""What sync_msg brings, item by item: messages here, events in `events`. Pure, and nothing raises on what it holds.

A type nobody here knows is kept as it came and shown as such: the vendor adds types without notice.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from yizhan.channels.wechat.emoji import as_unicode
from yizhan.channels.wechat.kf.merged import merged
from yizhan.channels.wechat.xml import Tree, branch_of, branches_of, text_of
from yizhan.desk.channels import SAME_WORDS, Arrival, Happening, Media
from yizhan.desk.intake import Sender

KIND = "wechat_kf"
SERVICER = "5"  # the origin of what is written in the vendor's own client
_DAY = timedelta(days=1)


class Said(NamedTuple):
    """The part of a message that its type decides."""

    kind: str
    text: str = ""
    payload: dict[str, Any] | None = None
    order_no: str | None = None


def who(external_userid: str) -> Sender:
    masked = f"{external_userid[:4]}***{external_userid[-2:]}" if len(external_userid) > 8 else "***"
    return Sender(kind=KIND, value=external_userid, inbox_scoped=True, masked=masked)


def message(item: Tree, media_days: int) -> list[Happening]:
    """A message of a customer. Raises nothing; without a sender there is nobody to keep it for."""
    customer, id = text_of(item, "external_userid"), text_of(item, "msgid")
    if not customer or not id:
        return []
    type = text_of(item, "msgtype")
    body, at = branch_of(item, type), moment(item)
    said = said_of(type, body)
    return [
        Arrival(
            id=id, who=who(customer), name="", kind=said.kind, text=said.text, payload=said.payload, at=at,
            media=_media(type, body, at, media_days), order_no=said.order_no,
            raw=msgspec.json.encode(item) if said.kind == "unsupported" else b"",
        )
    ]  # fmt: skip


def moment(item: Tree, name: str = "send_time") -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text_of(item, name)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def said_of(type: str, body: Tree) -> Said:
    """By the type; `unsupported` for one that is new, or empty where it should not be."""
    found = _TYPES[type](body) if type in _TYPES else None
    if found is None and type in SAME_WORDS and text_of(body, "media_id"):
        found = Said(SAME_WORDS[type])
    return found or Said("unsupported", payload={"type": type[:40]})


def _media(type: str, body: Tree, at: datetime | None, days: int) -> tuple[Media, ...]:
    kind, id = SAME_WORDS.get(type), text_of(body, "media_id")
    if kind is None or not id:
        return ()
    expires = at + _DAY * days if at is not None else None
    return (Media(kind=kind, ref={"media_id": id}, name=text_of(body, "filename"), expires_at=expires),)


def _text(body: Tree) -> Said:
    menu = text_of(body, "menu_id")
    return Said("text", as_unicode(text_of(body, "content")), {"menu": menu[:128]} if menu else None)


def _location(body: Tree) -> Said | None:
    try:
        place = {name: float(text_of(body, name)) for name in ("latitude", "longitude")}
    except ValueError:
        return None
    name, address = text_of(body, "name"), text_of(body, "address")
    return Said("location", name or address, {**place, "name": name, "address": address})


def _link(body: Tree) -> Said:
    title, url = text_of(body, "title"), text_of(body, "url")
    link = {"title": title, "text": text_of(body, "desc"), "url": url, "picture": text_of(body, "pic_url")}
    return Said("link", title or url, link)


def _business_card(body: Tree) -> Said:
    return _card("企业成员名片", text=text_of(body, "userid"))


def _miniprogram(body: Tree) -> Said:
    return _card(text_of(body, "title"), app=text_of(body, "appid"), path=text_of(body, "pagepath"))


def _channels(body: Tree) -> Said:
    what = {"1": "视频号动态", "2": "视频号直播", "3": "视频号名片"}.get(text_of(body, "sub_type"), "视频号")
    return _card(text_of(body, "title") or what, text=" · ".join(filter(None, (what, text_of(body, "nickname")))))


def _product(body: Tree) -> Said:
    text = " · ".join(filter(None, (_price(text_of(body, "sales_price")), text_of(body, "shop_nickname"))))
    return _card(text_of(body, "title"), text=text, picture=text_of(body, "head_img"))


def _order(body: Tree) -> Said:
    number = text_of(body, "order_id")
    order = {
        "number": number, "title": text_of(body, "product_titles"), "price": text_of(body, "price_wording"),
        "state": text_of(body, "state"), "picture": text_of(body, "image_url"), "url": "",
        "shop": text_of(body, "shop_nickname"),
    }  # fmt: skip
    return Said("order", order["title"] or number, order, number[:60] or None)


def _menu(body: Tree) -> Said:
    lines = [text_of(body, "head_content"), *map(_choice, branches_of(body, "list")), text_of(body, "tail_content")]
    return Said("text", "\n".join(filter(None, lines)))


def _choice(item: Tree) -> str:
    return text_of(branch_of(item, text_of(item, "type")), "content")


def _card(title: str, **more: str) -> Said:
    card = {"title": title, **{name: more.get(name, "") for name in ("text", "picture", "app", "path")}}
    return Said("card", title, card)


def _price(fen: str) -> str:
    return f"¥{int(fen) // 100}.{int(fen) % 100:02}" if fen.isascii() and fen.isdigit() else ""


def _merged(body: Tree) -> Said:
    return Said("text", merged(body))


_TYPES = {
    "text": _text, "location": _location, "link": _link, "business_card": _business_card,
    "miniprogram": _miniprogram, "channels": _channels, "channels_shop_product": _product,
    "channels_shop_order": _order, "msgmenu": _menu, "merged_msg": _merged,
}  # fmt: skip
