"""The vocabulary of shops: Segment's names are kept, GA4's are understood."""

from collections.abc import Mapping
from typing import Any

from yizhan.foundation.text import clean

EVENTS = {
    "search": "Products Searched",
    "view_item_list": "Product List Viewed",
    "select_item": "Product Clicked",
    "view_item": "Product Viewed",
    "add_to_cart": "Product Added",
    "remove_from_cart": "Product Removed",
    "view_cart": "Cart Viewed",
    "begin_checkout": "Checkout Started",
    "add_shipping_info": "Checkout Step Completed",
    "add_payment_info": "Payment Info Entered",
    "purchase": "Order Completed",
    "refund": "Order Refunded",
    "view_promotion": "Promotion Viewed",
    "select_promotion": "Promotion Clicked",
    "add_to_wishlist": "Product Added to Wishlist",
    "share": "Product Shared",
}
_PROPERTIES = {
    "items": "products",
    "item_id": "product_id",
    "item_name": "name",
    "item_brand": "brand",
    "item_category": "category",
    "item_variant": "variant",
    "transaction_id": "order_id",
    "search_term": "query",
}


def segment_name(name: str) -> str:
    return EVENTS.get(name, name)


def segment_properties(properties: Mapping[str, Any], depth: int = 4) -> dict[str, Any]:
    """Names of both vocabularies to one, also inside the list of products. Deeper than `depth` is dropped."""
    return {_PROPERTIES.get(key, clean(key)): _kept(value, depth - 1) for key, value in properties.items()}


def _kept(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return segment_properties(value, depth) if depth else {}
    if isinstance(value, list):
        return [_kept(each, depth) for each in value]
    return value
