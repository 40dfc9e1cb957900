"""What is believed of a browser, what is kept of it, and when it may be spoken to. Pure."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from yizhan.desk.trail.events import segment_name, segment_properties
from yizhan.desk.trail.model import Answer, Cart, Invitation, InvitationCaps, Origin, Product, TrailItem, WireItem
from yizhan.foundation.text import clean

VISIT_GAP = timedelta(minutes=30)
ONLINE_FOR = timedelta(seconds=75)  # three pings of the widget
MAX_ITEMS = 100
MAX_DATA_BYTES = 8 * 1024
MAX_PRODUCTS = 50
MAX_DWELL_MS = 6 * 3_600_000
_OLDEST = timedelta(hours=1)
_SECRET = re.compile(
    r"([?&#][^=&#]*(?:token|code|key|pass|pwd|secret|session|sign|auth|phone|mobile|mail)[^=&#]*=)[^&#]*", re.IGNORECASE
)
_CAMPAIGN = {f"utm_{name}": name for name in ("source", "medium", "term", "content")} | {"utm_campaign": "name"}


def masked_url(url: str) -> str:
    """Query strings carry what they should not: log-in tokens, phone numbers. Web addresses only."""
    text = clean(url)[:1000]
    return _SECRET.sub(r"\1***", text) if text.lower().startswith(("http://", "https://")) else ""


def coarse_ip(address: str) -> str:
    """Enough for a region, too little for a person: /24 and /48."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    length = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{length}", strict=False).network_address)


def origin_of(landing: str, referrer: str, *, ip: str, language: str, user_agent: str) -> Origin:
    query = parse_qs(urlsplit(masked_url(landing)).query)
    campaign = {name: query[key][0][:100] for key, name in _CAMPAIGN.items() if key in query}
    return Origin(
        ip=coarse_ip(ip),
        language=clean(language)[:35],
        referrer=masked_url(referrer),
        user_agent=clean(user_agent)[:300],
        landing=masked_url(landing),
        campaign=campaign,
    )


def source_name(origin: Origin) -> str:
    """One word for the list of visitors: the campaign, the site they came from, or nothing known."""
    host = urlsplit(origin.referrer).hostname or ""
    own = urlsplit(origin.landing).hostname or ""
    return origin.campaign.get("source") or (host.removeprefix("www.") if host != own else "")


def cleaned(items: Sequence[WireItem], received_at: datetime, sent_at: datetime | None = None) -> list[TrailItem]:
    """Bounded, masked, in one vocabulary and on our clock: a browser's may be years off."""
    skew = received_at - sent_at if sent_at else timedelta()
    return [_clean_item(item, received_at, skew) for item in items[:MAX_ITEMS]]


def _clean_item(item: WireItem, received_at: datetime, skew: timedelta) -> TrailItem:
    at = min(max(item.at + skew, received_at - _OLDEST), received_at)
    return TrailItem(
        kind=segment_name(clean(item.kind)[:60]),
        url=masked_url(item.url),
        title=clean(item.title)[:300],
        at=at,
        dwell_ms=min(max(item.dwell_ms, 0), MAX_DWELL_MS) or None,
        data=_clean_properties(item.data),
    )


def _clean_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Too much is dropped whole: half an order would mislead."""
    kept = segment_properties(properties)
    return kept if len(msgspec.json.encode(kept)) <= MAX_DATA_BYTES else {}


def cart_after(cart: Cart | None, item: TrailItem) -> Cart | None:
    """Cart Viewed states the whole; added and removed change it; an order empties it."""
    match item.kind:
        case "Cart Viewed" | "Checkout Started" if isinstance(item.data.get("products"), list):
            products = tuple(_products(item.data))
        case "Product Added":
            products = _added(cart, _product(item.data), 1)
        case "Product Removed":
            products = _added(cart, _product(item.data), -1)
        case "Order Completed":
            return None
        case _:
            return cart
    kept = products[:MAX_PRODUCTS]
    value = sum((product.price or Decimal(0)) * product.quantity for product in kept)
    currency = str(item.data.get("currency") or (cart.currency if cart else ""))[:3]
    return Cart(kept, Decimal(value), currency) if kept else None


def _added(cart: Cart | None, product: Product, sign: int) -> tuple[Product, ...]:
    products = {each.id: each for each in (cart.products if cart else ())}
    known = products.get(product.id)
    quantity = (known.quantity if known else 0) + sign * product.quantity
    if quantity > 0:
        products[product.id] = msgspec.structs.replace(known or product, quantity=quantity)
    else:
        products.pop(product.id, None)
    return tuple(products.values())


def _products(properties: Mapping[str, Any]) -> list[Product]:
    return [_product(each) for each in properties["products"] if isinstance(each, Mapping)]


def _product(properties: Mapping[str, Any]) -> Product:
    return Product(
        id=str(properties.get("product_id") or properties.get("sku") or "")[:100],
        name=str(properties.get("name") or "")[:200],
        price=_amount(properties.get("price")),
        quantity=min(max(int(_amount(properties.get("quantity")) or 1), 1), 9_999),
    )


def _amount(value: object) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**9 else None


def may_invite(past: Sequence[Invitation], caps: InvitationCaps, now: datetime) -> bool:
    """`past` are this visitor's invitations of the last days, by rules and by agents alike."""
    recent = [each for each in past if now - each.at < timedelta(days=1)]
    return (
        len(recent) < caps.per_day
        and not any(now - each.at < caps.gap for each in past)
        and not any(each.answer is Answer.CLOSED and now - each.at < caps.after_closed for each in past)
    )
