"""好的谢谢 in all its forms: a close that must not reopen anything."""

import re

from yizhan.foundation.text.fold import simplify

_NOISE = re.compile(
    r"[\s\u200b-\u200f\u2060\ufe0f\u20e3\ufeff!！.。,，、~～…·;；:：\-—_^*\"'“”‘’()（）|/\\]+"
    r"|[\U0001f3fb-\U0001f3ff]"
)

_YOU = r"(?:(?:你们?|您们?|亲们?|大家|客服|小姐姐|小哥哥?|小妹妹?|老师|美女|帅哥|师傅|各位){1,2})"
_PARTICLES = "的了啦啊哦噢呀哈呢哒滴嘞咧喽呐昂吧耶嗷嘻亲"
_VERY = r"(?:真的?是?|太|非常|十分|特别|万分|很|多|超级?|实在)*"
_CLOSING_WORDS = (
    rf"{_VERY}(?:感?谢谢?(?!绝)|感激|3q|三克油|蟹蟹|谢喽|thx|thks|tks|ty){_YOU}?"
    r"(?:的?(?:耐心|热心|细心)?的?(?:帮助|帮忙|解答|回复|服务|支持|推荐|介绍|查询|反馈|处理|耐心))?",
    rf"{_VERY}(?:辛苦|麻烦){_YOU}?",
    r"(?:好|行|中|得|成|妥|ok|okay|okk+|k|可以|没毛病){1,3}",
    rf"{_VERY}挺?(?:好|棒|赞|给力|牛|完美|贴心|不错){{1,2}}(?:极了)?|还行|感激不尽",
    r"(?:嗯|恩|额|哦|噢|喔|啊|哈|嘿|欧|昂|en|emm*|mm+|hm+|oh)+",
    r"(?:已经?)?(?:收到|收悉|已阅|已读|get)",
    r"我?(?:都|已经?|全|就|大概)?(?:知道|明白|清楚|了解|懂|晓得|记下|记住|理解)",
    r"(?:我|这边|暂时|目前|现在)*(?:没有?|木有|无)(?:了|其[他它]的?|别的|什么)*(?:问题|事情?|疑问)",
    r"没有?(?:啥|什么)?[了啦]|没事|没关系|不客气|不用谢?了?",
    r"(?:我的)?(?:问题)?(?:都|全)?(?:已经?)?(?:问完|解决|搞定|处理好|弄好|ok)了?",
    r"(?:有问题|有事|有需要)(?:我?再|就)(?:来?(?:联系|找|问|咨询|请教|麻烦))(?:你们?|您们?)?",
    r"(?:再见|拜拜|88+6?|886|bye(?:bye)?|晚安|祝好|祝(?:你|您)?(?:生活|工作)?(?:愉快|顺利)|回见)",
    r"(?:给(?:你|您)?(?:个|点)?)?(?:五星|5星|满分)?好评",
    r"(?:哈|呵|嘿|嘻){2,}|6{2,}|1",
    rf"那|就|这样|先这样|那就这样|就这样|嗯哼|[{_PARTICLES}]",
    r"(?:with|many|so|very|much|for|your|the|a|lot|alot|you|u|your?help|help|really|it|to|all|again|everyone)",
    r"thank(?:s|you|u)?|cheers|appreciated?|great|perfect|awesome|cool|nice|fine|good|alright|allright"
    r"|excellent|sure",
    r"gotit|noted|received|understood|roger|isee|willdo|nomorequestions?|thatsall|thatisall|allgood|solved|resolved",
    r"yes|yep|yeah|yup|haveagoodday|haveaniceday|bestregards|regards|goodbye",
)
_CLOSING = tuple(re.compile(words) for words in _CLOSING_WORDS)
_SAID_SOMETHING = re.compile(r"[^\W_]")
# A lone particle or filler is no thanks; it only may stand beside one.
_FILLER = re.compile(
    rf"(?:[那就喔欧{_PARTICLES.replace('哦', '').replace('哈', '')}]"
    r"|many|so|very|much|for|your|the|lot|you|really|it|to|all|again|help)+"
)
_GLAD_FACES = frozenset(
    "👌👍🙏💪👏🤝😊😀😁😃😄😆🙂☺😉😍🥰😘🤗❤♥💕💖💗💓🧡💛💚💙💜🌹🌷🌸💐🎉✅✔☑✌🤟🆗😌😇🫡🫰🫶🥳🌺🌻💯🤙😋😎🤩✨⭐🌟🍻☕"
)
_GLAD_CODES = re.compile(
    r"[\[［](?:ok|强|赞|玫瑰|抱拳|握手|微笑|呲牙|爱心|鼓掌|胜利|愉快|可爱|合十|拥抱|亲亲|憨笑|嘿哈|耶|哇"
    r"|好的|谢谢|感谢|比心|拳头"
    r"|thumbsup|rose|smile|heart|salute|handshake|点赞|送心|红心|鲜花|害羞|偷笑|加油|收到|社会社会|666"
    r"|庆祝|烟花)[\]］]"
    r"|/::?[\)\-~]|/strong|/rose|/:ok|/:share|:-?\)|\^_\^"
)


def is_thanks_only(text: str) -> bool:
    """The message closes politely and asks for nothing, so it must not reopen anything."""
    plain = simplify(text)
    if "?" in plain or len(plain) > 60:
        return False
    plain, codes = _GLAD_CODES.subn(" ", plain)
    plain = _NOISE.sub("", plain)
    words = "".join(character for character in plain if character not in _GLAD_FACES)
    glad = bool(codes) or len(words) < len(plain)
    if not words:
        return glad
    if not _SAID_SOMETHING.search(words) or not _is_made_of_closings(words):
        return False
    return glad or words in ("ok", "k", "okay", "ty", "1", "yes", "sure") or not _FILLER.fullmatch(words)


def _is_made_of_closings(words: str) -> bool:
    """Tried once from every place a closing ends at: one expression repeating all the others would backtrack without
    end, and most of what people say is no closing at its first word."""
    reached = {0}
    for start in range(len(words)):
        if start in reached:
            reached |= {found.end() for closing in _CLOSING if (found := closing.match(words, start))}
    return len(words) in reached
