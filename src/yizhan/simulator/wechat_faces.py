"""Faces as WeChat's clients show them: what is written in codes stands as a picture on the phone."""

from __future__ import annotations

import re

_FACES = {
    "/::)": "🙂", "/::~": "😕", "/::B": "😍", "/:8-)": "😎", "/::<": "😢", "/::$": "😊", "/::'(": "😭", "/::-|": "😅",
    "/::@": "😡", "/::P": "😜", "/::D": "😁", "/::O": "😮", "/::(": "🙁", "/::Q": "😫", "/:,@P": "🤭", "/:,@-D": "😄",
    "/::d": "🙄", "/::!": "😱", "/::L": "😓", "/::>": "😃", "/:?": "❓", "/:bye": "👋", "/:handclap": "👏",
    "/::*": "😚", "/:beer": "🍺", "/:coffee": "☕", "/:rose": "🌹", "/:heart": "❤️", "/:break": "💔", "/:cake": "🎂",
    "/:gift": "🎁", "/:hug": "🤗", "/:strong": "👍", "/:weak": "👎", "/:share": "🤝", "/:v": "✌️", "/:@)": "🙏",
    "/:ok": "👌", "/:<L>": "😘", "/:sun": "☀️", "/:moon": "🌙", "[捂脸]": "🤦", "[破涕为笑]": "😂", "[加油]": "💪",
    "[合十]": "🙏", "[庆祝]": "🎉", "[红包]": "🧧",
}  # fmt: skip
_CODE = re.compile("|".join(re.escape(code) for code in sorted(_FACES, key=len, reverse=True)))


def shown(text: str) -> str:
    return _CODE.sub(lambda found: _FACES[found[0]], text)
