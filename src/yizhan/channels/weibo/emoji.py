"""Weibo writes its faces as words in brackets. What has no Unicode of its own stays as it was written."""

from __future__ import annotations

import re

_WORDS = (
    "微笑🙂 可爱☺️ 太开心😄 嘻嘻😁 哈哈😆 笑cry😂 挤眼😉 馋嘴😋 汗😓 哼😤 怒😡 委屈🥺 可怜🥹 失望😞 悲伤😢 泪😭 害羞😊 "
    "捂脸🤦 爱你😘 亲亲😚 色😍 思考🤔 疑问❓ 白眼🙄 吃惊😲 晕😵 困😪 睡😴 抓狂😫 怒骂🤬 生病🤒 吐🤮 感冒🤧 偷笑🤭 "
    "阴险😏 酷😎 钱🤑 拜拜👋 心❤️ 伤心💔 赞👍 good👍 弱👎 耶✌️ ok👌 握手🤝 拳头✊ 作揖🙏 加油💪 鼓掌👏 鲜花🌹 蛋糕🎂 "
    "礼物🎁 太阳☀️ 月亮🌙 熊猫🐼 兔子🐰 猪头🐷 喵喵🐱 doge🐶 蜡烛🕯️ 干杯🍻 话筒🎤 音乐🎵 足球⚽ 飞机✈️ 憧憬🤩 嘘🤫 "
    "闭嘴🤐 鄙视😒 傻眼😳 摊手🤷 雪花❄️ 下雨🌧️ 红包🧧 围观👀 骷髅💀 炸鸡腿🍗 西瓜🍉 肥皂🧼 绿丝带🎗️ 福🈵"
)
_PAIR = re.compile(r"^([A-Za-z]+|[一-鿿]+(?:cry)?)(.+)$")


def _pairs() -> dict[str, str]:
    found = (_PAIR.match(each) for each in _WORDS.split())
    return {f"[{one[1]}]": one[2] for one in found if one}


TO_UNICODE = _pairs()
TO_CODE = {face: code for code, face in reversed(TO_UNICODE.items())}
_CODE = re.compile(r"\[[^\[\]\s]{1,8}\]")
_FACE = re.compile("|".join(sorted(map(re.escape, TO_CODE), key=len, reverse=True)))


def to_unicode(text: str) -> str:
    return _CODE.sub(lambda found: TO_UNICODE.get(found[0], found[0]), text)


def to_codes(text: str) -> str:
    """Faces that Weibo has; the others it shows as they are."""
    return _FACE.sub(lambda found: TO_CODE[found[0]], text)
