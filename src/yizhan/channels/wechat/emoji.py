"""WeChat's own emoticons and Unicode, both ways. Pure.

Its clients write `/::)` or `[微笑]` where they show a face; everybody else reads Unicode. What has no code stays as it
is: WeChat shows Unicode too.
"""

from __future__ import annotations

import re

_CODES = {
    "/::)": "🙂", "/::~": "😕", "/::B": "😍", "/::|": "😦", "/:8-)": "😎", "/::<": "😢", "/::$": "😊", "/::X": "🤐",
    "/::Z": "😴", "/::'(": "😭", "/::-|": "😅", "/::@": "😡", "/::P": "😜", "/::D": "😁", "/::O": "😮", "/::(": "🙁",
    "/::+": "🆒", "/:--b": "😰", "/::Q": "😫", "/::T": "🤮", "/:,@P": "🤭", "/:,@-D": "😄", "/::d": "🙄",
    "/:,@o": "😤", "/::g": "🤤", "/:|-)": "😪", "/::!": "😱", "/::L": "😓", "/::>": "😃", "/::,@": "😌",
    "/:,@f": "💪", "/::-S": "🤬", "/:?": "❓", "/:,@x": "🤫", "/:,@@": "😵", "/::8": "😖", "/:,@!": "☹️",
    "/:!!!": "💀", "/:xx": "🔨", "/:bye": "👋", "/:wipe": "😥", "/:dig": "🤧", "/:handclap": "👏", "/:&-(": "😳",
    "/:B-)": "😏", "/:<@": "😾", "/:@>": "😼", "/::-O": "🥱", "/:>-|": "😒", "/:P-(": "🥺", "/::'|": "😿",
    "/:X-)": "😈", "/::*": "😚", "/:@x": "😲", "/:8*": "🥹", "/:pd": "🔪", "/:<W>": "🍉", "/:beer": "🍺",
    "/:basketb": "🏀", "/:oo": "🏓", "/:coffee": "☕", "/:eat": "🍚", "/:pig": "🐷", "/:rose": "🌹", "/:fade": "🥀",
    "/:showlove": "💋", "/:heart": "❤️", "/:break": "💔", "/:cake": "🎂", "/:li": "⚡", "/:bome": "💣", "/:kn": "🗡️",
    "/:footb": "⚽", "/:ladybug": "🐞", "/:shit": "💩", "/:moon": "🌙", "/:sun": "☀️", "/:gift": "🎁", "/:hug": "🤗",
    "/:strong": "👍", "/:weak": "👎", "/:share": "🤝", "/:v": "✌️", "/:@)": "🙏", "/:jj": "🤏", "/:@@": "✊",
    "/:bad": "🤙", "/:lvu": "🤟", "/:no": "☝️", "/:ok": "👌", "/:love": "💑", "/:<L>": "😘", "/:jump": "🤸",
    "/:shake": "🫨", "/:<O>": "😠", "/:circle": "💫", "/:kotow": "🙇", "/:turn": "👀", "/:skip": "🤾", "/:oY": "🏳️",
    "/:#-0": "🤩", "/:hiphot": "💃", "/:kiss": "😽", "/:<&": "☯️", "/:&>": "☯",
}  # fmt: skip
_BRACKETS = {
    "微笑": "🙂", "撇嘴": "😕", "色": "😍", "发呆": "😦", "得意": "😎", "流泪": "😢", "害羞": "😊", "闭嘴": "🤐",
    "睡": "😴", "大哭": "😭", "尴尬": "😅", "发怒": "😡", "调皮": "😜", "呲牙": "😁", "惊讶": "😮", "难过": "🙁",
    "抓狂": "😫", "吐": "🤮", "偷笑": "🤭", "愉快": "😄", "白眼": "🙄", "傲慢": "😤", "困": "😪", "惊恐": "😱",
    "憨笑": "😃", "悠闲": "😌", "咒骂": "🤬", "疑问": "❓", "嘘": "🤫", "晕": "😵", "衰": "☹️", "骷髅": "💀",
    "敲打": "🔨", "再见": "👋", "擦汗": "😥", "抠鼻": "🤧", "鼓掌": "👏", "坏笑": "😏", "鄙视": "😒", "委屈": "🥺",
    "快哭了": "😿", "阴险": "😈", "亲亲": "😚", "可怜": "🥹", "菜刀": "🔪", "西瓜": "🍉", "啤酒": "🍺", "咖啡": "☕",
    "猪头": "🐷", "玫瑰": "🌹", "凋谢": "🥀", "嘴唇": "💋", "爱心": "❤️", "心碎": "💔", "蛋糕": "🎂", "炸弹": "💣",
    "便便": "💩", "月亮": "🌙", "太阳": "☀️", "礼物": "🎁", "拥抱": "🤗", "强": "👍", "弱": "👎", "握手": "🤝",
    "胜利": "✌️", "抱拳": "🙏", "勾引": "🤏", "拳头": "✊", "OK": "👌", "合十": "🙏", "捂脸": "🤦", "奸笑": "😏",
    "机智": "🤓", "皱眉": "😟", "耶": "✌️", "旺柴": "🐶", "加油": "💪", "汗": "😓", "天啊": "😱", "Emm": "🤔",
    "社会社会": "🤙", "好的": "👌", "打脸": "🤕", "哇": "😮", "翻白眼": "🙄", "叹气": "😮‍💨", "苦涩": "🥲",
    "裂开": "🫠", "生病": "😷", "笑脸": "😄", "破涕为笑": "😂", "脸红": "😳", "恐惧": "😨", "失望": "😞",
    "无语": "😑", "嘿哈": "✌️",
    "吃瓜": "🍉", "红包": "🧧", "發": "🀅", "福": "🈵", "烟花": "🎆", "爆竹": "🧨", "鬼魂": "👻", "庆祝": "🎉",
    "跳跳": "🤸", "发抖": "🫨", "转圈": "💫", "鸡": "🐔", "Smile": "🙂", "Grin": "😁", "Facepalm": "🤦",
    "ThumbsUp": "👍", "Heart": "❤️", "Sob": "😭", "Rose": "🌹", "Shake": "🤝", "Worship": "🙏", "Doge": "🐶",
}  # fmt: skip

_IN = {**_CODES, **{f"[{name}]": shown for name, shown in _BRACKETS.items()}}
_OUT: dict[str, str] = {}
for _code, _shown in _CODES.items():
    _OUT.setdefault(_shown, _code)
_OUT |= {shown.rstrip("\ufe0f"): code for shown, code in _OUT.items() if shown.endswith("\ufe0f")}


def _any_of(words: dict[str, str]) -> re.Pattern[str]:
    """The longest first: `/:,@-D` begins like `/:,@`."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


_FIND_IN = _any_of(_IN)
# A joiner or a skin tone belongs to what stands before it: a sequence is one picture, and none of WeChat's.
_FIND_OUT = re.compile(f"(?<!\u200d)(?:{_any_of(_OUT).pattern})(?![\u200d\ufe0f\U0001f3fb-\U0001f3ff])")


def as_unicode(text: str) -> str:
    """As everybody else reads it."""
    return _FIND_IN.sub(lambda found: _IN[found[0]], text) if "/:" in text or "[" in text else text


def as_codes(text: str) -> str:
    """As WeChat's own clients write it."""
    return text if text.isascii() else _FIND_OUT.sub(lambda found: _OUT[found[0]], text)
