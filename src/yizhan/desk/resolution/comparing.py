"""How alike two values are. Pure; the same for names in characters, in pinyin and in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from yizhan.foundation.text import fold, sound

SAME = "same"
_NOT_A_NAME = re.compile(
    r"[*＊@]|^(访客|客户|用户|匿名|微信用户|未知|visitor|guest|user|customer|anonymous)?[\W\d_]*$", re.I
)
_ADDRESS_NOISE = re.compile(r"[\s,，.。;；:：、\-—_/()（）#]+")
_CLOSE = 0.92
_ALIKE = 0.84


def named(text: str) -> str:
    """A name as it is compared; empty where it is none: a mask, a placeholder, a number."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    if _NOT_A_NAME.search(folded) or re.fullmatch(r"(访客|visitor|guest)[\s#]*\w{0,12}", folded):
        return ""
    return " ".join(folded.split())


def place(text: str) -> str:
    """An address as it is compared: 浙江省 杭州市，文三路2号 and 浙江省杭州市文三路2号 are one."""
    return _ADDRESS_NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=50_000)
def _sounds(name: str) -> str:
    return sound(fold(name).text).letters


@lru_cache(maxsize=200_000)
def jaro_winkler(a: str, b: str) -> float:
    """0 to 1 (Winkler 1990). Made for short strings: names, streets, dates."""
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    reach = max(len(a), len(b)) // 2 - 1
    free = [True] * len(b)
    met: list[str] = []
    for at, letter in enumerate(a):
        for other in range(max(0, at - reach), min(len(b), at + reach + 1)):
            if free[other] and b[other] == letter:
                free[other] = False
                met.append(letter)
                break
    if not met:
        return 0.0
    there = [letter for letter, unused in zip(b, free, strict=True) if not unused]
    swapped = sum(x != y for x, y in zip(met, there, strict=True)) / 2
    count = len(met)
    jaro = (count / len(a) + count / len(b) + (count - swapped) / count) / 3
    prefix = next((at for at, (x, y) in enumerate(zip(a[:4], b[:4], strict=False)) if x != y), min(len(a), len(b), 4))
    return jaro + prefix * 0.1 * (1 - jaro)


def name_level(a: str, b: str) -> str:
    """`sound` are the same syllables in other characters: 王晓燕, 王小燕, Wang Xiaoyan."""
    if a == b:
        return SAME
    one, other = _sounds(a), _sounds(b)
    if one and one == other:
        return "sound"
    if min(len(a), len(b)) >= 2 and (a in b or b in a or jaro_winkler(one, other) >= _CLOSE):
        return "similar"
    return "different"


def text_level(a: str, b: str) -> str:
    if a == b:
        return SAME
    alike = jaro_winkler(a, b)
    return "close" if alike >= _CLOSE else "similar" if alike >= _ALIKE else "different"


def digits_level(a: str, b: str) -> str:
    """`close`: one slip of the finger, or two digits that changed places."""
    return SAME if a == b else "close" if _slip(a, b) else "different"


def _slip(a: str, b: str) -> bool:
    if len(a) != len(b):
        return abs(len(a) - len(b)) == 1 and _one_more(*sorted((a, b), key=len))
    wrong = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(wrong) <= 1:
        return True
    first, last = wrong[0], wrong[-1]
    return len(wrong) == 2 and last == first + 1 and a[first] == b[last] and a[last] == b[first]


def _one_more(short: str, long: str) -> bool:
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


LEVELS: Mapping[str, tuple[str, ...]] = {
    "key": (SAME, "different"),
    "name": (SAME, "sound", "similar", "different"),
    "text": (SAME, "close", "similar", "different"),
    "digits": (SAME, "close", "different"),
}
"""By way of comparing, the levels from the best to the worst."""

_BY: Mapping[str, Callable[[str, str], str]] = {"name": name_level, "text": text_level, "digits": digits_level}


def best_level(how: str, ones: Sequence[str], others: Sequence[str]) -> str:
    """Of all the values of both the two that agree best. Neither is empty."""
    order = LEVELS[how]
    return min((_BY[how](a, b) for a in ones for b in others), key=order.index)
