"""The question in words."""

from __future__ import annotations

OFF = "/off"
"""At the end of an invitation's address: where one asks not to be asked again."""

_SUBJECT = {"zh": "{brand}:您愿意把我们推荐给亲友吗?", "en": "{brand}: would you recommend us?"}
_TEXT = {
    "zh": "您好,\n\n您有多大可能把{brand}推荐给亲友?请用 0 到 10 分告诉我们,一分钟就好:\n{link}\n\n"
    "不想再收到此类调查:{off}",
    "en": "Hello,\n\nHow likely are you to recommend {brand} to a friend? Tell us from 0 to 10, it takes a minute:\n"
    "{link}\n\nNo more surveys like this: {off}",
}


def letter_of(locale: str | None, brand: str, url: str) -> tuple[str, str]:
    """Subject and text in the customer's language."""
    language = "en" if (locale or "").lower().startswith("en") else "zh"
    return _SUBJECT[language].format(brand=brand), _TEXT[language].format(brand=brand, link=url, off=url + OFF)
