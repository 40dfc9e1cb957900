"""The pages of the shop, and how a visitor wanders over them."""

from __future__ import annotations

from random import Random

import msgspec

HOME = "https://shop.shanque.example"


class Page(msgspec.Struct, frozen=True):
    """`product` and `price` where it sells something."""

    path: str
    title: str
    product: str = ""
    price: str = ""

    @property
    def url(self) -> str:
        return HOME + self.path


PAGES = (
    Page("/", "山雀生活 · 把日子过轻一点"),
    Page("/p/air-fryer-a5", "空气炸锅 A5", "空气炸锅 A5", "399"),
    Page("/p/purifier-q2", "净水器 Q2 厨下式", "净水器 Q2", "1899"),
    Page("/p/blanket-n3", "电热毯 N3 双人", "电热毯 N3", "229"),
    Page("/p/quilt-m8", "羽绒被 M8 冬厚款", "羽绒被 M8", "899"),
    Page("/p/vacuum-x1", "无线吸尘器 X1", "吸尘器 X1", "1299"),
    Page("/p/humidifier-h6", "加湿器 H6", "加湿器 H6", "259"),
    Page("/p/earbuds-t2", "耳机 T2", "耳机 T2", "299"),
    Page("/sale/winter", "冬季暖暖节"),
    Page("/help/warranty", "保修与维修政策"),
    Page("/help/return", "退换货说明"),
    Page("/my/orders", "我的订单"),
    Page("/cart", "购物车"),
)
_SOURCES = (
    ("", ""), ("https://search.example/?q=", ""), ("https://video.example/", ""),
    ("", "?utm_source=newsletter&utm_campaign=winter"), ("", "?utm_source=weibo&utm_medium=social"),
)  # fmt: skip


def a_walk(chance: Random) -> tuple[str, str, list[Page]]:
    """Referrer, query of the landing page, and the pages in order; one in ten reads the warranty again and again."""
    referrer, query = chance.choice(_SOURCES)
    if chance.random() < 0.1:
        warranty = next(p for p in PAGES if p.path == "/help/warranty")
        return referrer, query, [PAGES[0], warranty, PAGES[11], warranty, PAGES[3], warranty]
    return referrer, query, [PAGES[0], *chance.choices(PAGES[1:], k=chance.randint(2, 9))]
