"""One plain form of a text for word lists, so that 加V信, 加 微.信 and 加薇❤信 are all 加微信.

Folding is for matching only; what was found is shown at its place in the text as written.
"""

import re
import unicodedata
from importlib.resources import files

import msgspec


def _pairs() -> dict[int, int]:
    written = files("yizhan.foundation.text").joinpath("traditional.txt").read_text("utf-8")
    return {ord(pair[0]): ord(pair[1]) for pair in written.split()}


SIMPLIFIED = _pairs()
"""Traditional characters one to one (after OpenCC's table of characters): enough to compare, not to publish."""

_LOOKALIKES = dict(zip("аеорсухіјѕԛԝвкмнтԁһοακνρτυχειμ", "aeopcyxijsqwbkmhtdhoakvptuxeiu", strict=True))
"""Cyrillic and Greek letters that are taken for Latin ones."""
_FILLING = "丶丨丿亅丷\u115f\u1160\u3164ـ"
"""Letters to a program, hardly visible to a reader: 加丶微丶信."""
_HEARTS = "♥♡❣💓💗💖💕💘💝💞💟💙💚💛💜🖤🤍🤎🧡🩷"
_ADDED = "\ue000"
"""Stands for the v of 加v, until it is folded."""
_PLAIN = (
    SIMPLIFIED | {ord(a): ord(b) for a, b in _LOOKALIKES.items()}
    | dict.fromkeys(map(ord, _HEARTS), "❤") | dict.fromkeys(map(ord, _FILLING))
)  # fmt: skip
_PLUS = re.compile(r"[+＋﹢](?=\s*(?:v(?![a-z])|[vw]\s?x|weixin|q(?![a-z])|qq|[ｖｗ微薇威徽维溦扣]))", re.IGNORECASE)
"""A sign that stands for a word, 加: +V and +微信, but not 1+1 and not +VIP."""
_ADD = re.compile(
    r"(?<=[加佳伽])((?:一下|[我个下你您])?\s*)[vｖ]"
    r"(?=\s*(?:[:：,，。.!！?？~～]|$|[我聊详私咨联领了吧哦呀哈啊可看拉进获取细]|[a-z0-9_-]{5,}))",
    re.IGNORECASE,
)
"""加v and what follows an address or the end: 加v聊, 加我V:abc123, but not 加V10吸头 and not 加V认证."""

# Written with what NFKC does not bring together: homophones, look-alikes and pinyin for what is forbidden most.
_ALIASES = {
    "微信": ("v信", "vx", "v❤", "v心", "wx", "weixin", "薇信", "徽信", "威信", "微x", "卫星号",
            "维信", "薇❤信", "微❤信", "wechat", "绿泡泡", "溦信", "嶶信", "葳信", "巍信",
            "微伩", "微芯", "薇芯", "v芯", "葳芯", "威芯", "维芯", "微xin", "薇xin", "威xin", "vxin", "wei信",
            "薇❤", "微❤", "葳❤", "威❤", "维❤", "溦❤", "葳❤信", "威❤信", "维❤信", "微心", "薇心",
            _ADDED),
    "qq": ("扣扣", "q扣", "球球号", "秋秋号", "企鹅号", "叩叩"),
    "加": ("➕", "伽我", "佳我", "jia我"),
    "电话": ("电銛", "dianhua", "电.话"),
    "转账": ("转帐", "zhuanzhang", "转賬"),
    "支付宝": ("zfb", "zhifubao", "支付寳", "之付宝"),
    "私聊": ("四聊", "私撩", "siliao"),
    "红包": ("hongbao", "紅包", "洪包"),
    "投诉": ("tousu", "投拆", "头诉"),
}  # fmt: skip
_BY_ALIAS = {
    alias: (word + "我" if alias.endswith("我") else word) for word, aliases in _ALIASES.items() for alias in aliases
} | dict.fromkeys(("➕v", "➕vx", "➕wx", "➕v信", "➕微信"), "加微信")
# A Latin alias starts where no Latin word goes on: 加wx is a disguise, a serial number ending in wx is not.
_ALIAS = re.compile(
    "|".join(
        ("(?<![a-z0-9])" if alias[0].isascii() else "") + re.escape(alias)
        for alias in sorted(_BY_ALIAS, key=len, reverse=True)
    )
)

DISGUISES = tuple(_BY_ALIAS)
_SEPARATORS = re.compile(rf"(?:[^\w❤➕{_ADDED}]|_)+")


class Folded(msgspec.Struct, frozen=True):
    """`text` in plain form; `places[i]` is where its character `i` stands in the original."""

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that `text[start:end]` was made from."""
        return self.places[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Width, case, traditional forms, separators and known disguises folded away."""
    kept: list[tuple[str, int]] = [
        (part, place)
        for place, character in enumerate(_marked(text))
        for part in unicodedata.normalize("NFKC", character).lower().translate(_PLAIN)
        if _counts(part)
    ]
    plain = "".join(part for part, _ in kept)
    pieces: list[str] = []
    places: list[int] = []
    ends: list[int] = []

    def take(word: str, first: int, last: int) -> None:
        pieces.append(word)
        places.extend([kept[first][1]] * len(word))
        ends.extend([kept[last][1] + 1] * len(word))

    at = 0
    for alias in _ALIAS.finditer(plain):
        for index in range(at, alias.start()):
            take(kept[index][0], index, index)
        take(_BY_ALIAS[alias[0]], alias.start(), alias.end() - 1)
        at = alias.end()
    for index in range(at, len(kept)):
        take(kept[index][0], index, index)
    return Folded("".join(pieces), tuple(places), tuple(ends))


def squeezed(text: str) -> str:
    """As `fold`, but for disguises, without places and ten times faster: for what is usually not found."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", _marked(text)).lower().translate(_PLAIN))


def simplify(text: str) -> str:
    """NFKC, lower case, common traditional characters made simple; separators stay."""
    return unicodedata.normalize("NFKC", text).lower().translate(SIMPLIFIED)


def _marked(text: str) -> str:
    """As long as the text: each place stays where it was."""
    if any(sign in text for sign in "加佳伽"):
        text = _ADD.sub(lambda v: v[1] + _ADDED, text)
    return _PLUS.sub("➕", text)


def _counts(character: str) -> bool:
    return character.isalnum() or character in "❤➕" + _ADDED
