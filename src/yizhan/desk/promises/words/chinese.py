"""Chinese: 今晚 8 点前, 明天上午, 24 小时内, 3 个工作日内, and who does what for whom."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from yizhan.desk.promises.words import moments
from yizhan.foundation.calendar import Calendar
from yizhan.records.promises import PromiseKind

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_N = r"(?:\d{1,3}(?:\.5)?|[一二两三四五六七八九十]{1,3})"
_SPAN = re.compile(
    rf"(?:{_N}\s*[-~到至—]\s*)?(?:(?P<half>半)|(?P<n>{_N}))\s*个?(?P<more>半)?\s*"
    r"(?P<unit>分钟|小时|钟头|天|日|工作日|周|星期)\s*(?:的?时间)?\s*(?P<how>之?内|以内|之?后|以后|左右)"
)
_UNITS = {
    "分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "钟头": timedelta(hours=1), "天": timedelta(days=1),
    "日": timedelta(days=1), "周": timedelta(days=7), "星期": timedelta(days=7),
}  # fmt: skip
_DAY = (
    r"今[天日儿]|今(?=[晚早夜])|大后天|后天|明[天日儿]|明(?=[晚早])|当天|当日"
    r"|(?P<next>下下?|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])|(?:周末)"
    r"|(?P<week>本周|这周|这个?星期|下周|下个?星期)|(?:本月|这个?月)?月?底|(?P<month>\d{1,2})月(?P<dom>\d{1,2})[日号]"
    r"|(?<!\d)(?P<only>\d{1,2})号(?![线楼店仓门])"
)
_PARTS = {
    "凌晨": moments.DAWN, "清晨": moments.EARLY, "早晨": moments.EARLY, "一早": moments.EARLY, "早上": moments.EARLY,
    "上班": moments.EARLY, "上午": moments.MORNING, "中午": moments.NOON, "午后": moments.AFTERNOON,
    "下午": moments.AFTERNOON, "傍晚": moments.DUSK, "晚上": moments.EVENING, "晚间": moments.EVENING,
    "夜里": moments.EVENING, "下班": moments.CLOSE, "早": moments.EARLY, "晚": moments.EVENING, "夜": moments.EVENING,
}  # fmt: skip
_ALONE = frozenset({"上午", "中午", "下午", "傍晚", "晚上", "晚间", "下班"})  # 早 and 晚 alone are 早日 and 晚点
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_WHEN = re.compile(
    rf"(?P<day>{_DAY})?\s*的?\s*(?P<part>{_PART})?\s*(?:{_N}点?半?\s*[-~到至—]\s*)?"
    rf"(?:(?P<hour>\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})\s*(?:点钟?|:|时(?![间候段效]))\s*"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{{1,2}}|[一二三四五]?十[一二三四五六七八九]?)分?)?(?:整|钟)?)?"
    r"\s*(?P<how>之?前|以前|之?后|以后|过后)?"
)

_CALL = re.compile(
    r"回电|(?:给|跟|与|和|为)[您你](?:打|回|致|去|通|来)?一?个?电话|致电|打给[您你]|回拨|电话(?:给[您你]|联系|回复|沟通|答复|告知)"
    r"|[您你]来电话"
)
_REPLY = re.compile(
    r"回复|答复|回应|回[您你](?!的)|反馈|告知|告诉[您你]|通知[您你]|联系[您你]|[与和跟][您你](?:取得)?联系|联络[您你]|回信"
    r"|给[您你]一?个?(?:结果|消息|说法|方案|准信|交代|结论|进展)|同步(?:给)?[您你]|(?:给[您你]|向[您你])(?:说明|更新|汇报)"
    r"|有(?:专人|同事|专员).{0,4}联系|跟进(?=.{0,8}[您你])|(?<=[内前])(?:给出?)?(?:结果|方案)"
)
_ACT = re.compile(
    r"处理(?:好|完|完毕|完成|掉)?|解决|发货|发出|发走|寄出|寄给|补发|补寄|重发|重寄|换新|更换|退款|退还|退回|退给|到账|打款|返还"
    r"|赔付|补偿|安排|上门|送达|送到|派送|派单|派人|修好|维修|开票|发票|核实|查清|查明|查好|查到|出库|登记|开通|恢复|修复"
    r"|发给[您你]|发[您你]|给[您你]发|补上|调换|加急|完成|办好|弄好|寄回|取件"
)
_US = re.compile(r"[您你亲]|我们|我(?!的)|这边|[会将]|一定|保证|承诺|争取|尽量|预计|专人|同事|客服|小二|务必|肯定|师傅")
_ASKS = re.compile(
    r"(?:请|麻烦|烦请|劳烦|辛苦)(?:[您你亲]|先|在|于|今|明|后|尽快|提前|务必|及时|联系|回复|告知|提供|把|将)"
    r"|[您你亲](?:可以?|可|能|需要?|要|得|记得|只需|先|方便|在|今|明|后|最好|尽快|自行|收到|的话)(?!放心)"
    r"|(?:回复|告诉|告知|联系|通知|发给|反馈给?|打给|回电给?|提供给)(?:给)?我"
)
_IF = re.compile(r"如果|如(?=[您有需超未果在还])|若|要是|假如|万一|的话|除非|一旦|等[您你]")
_NOT = re.compile(
    r"不能|无法|没法|没办法|不会|不一定|不敢|不保证|保证不|来不及|未能|没能|没有|尚未|还没|未(?=[能收到])|不了|很难|恐怕"
    r"|不支持|不可以|停止|暂停|不再|取消"
)
_DONE = re.compile(
    r"已(?!知)|刚刚|刚才|(?:^|我|我们|这边)之前|[复电货款出好理系]过|[复答电话]了(?!$)|昨[天晚日]|前天|上周"
)
_USUAL = re.compile(
    r"一般|通常|正常情况|平均|服务时间|营业时间|工作时间|活动|优惠|促销|直播|有效期?|保质|质保|上班时间|按规定|规则"
)
_OTHERS = re.compile(
    r"(?:快递|物流|顺丰|圆通|中通|韵达|申通|京东|菜鸟|派件员|快递员|银行|支付宝|微信支付?|厂家|商家|系统|平台)"
    r"(?:小哥|员|那边|方面|公司)?(?:会|将|预计|在|今|明|后|显示|应该|说)"
)


def numeral(words: str) -> float:
    """十二, 两, 二十四, 24, 1.5."""
    if words[0].isdigit():
        return float(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return float(_DIGITS[words[-1]])
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def kind_of(words: str) -> tuple[PromiseKind, re.Match[str]] | None:
    for kind, pattern in ((PromiseKind.CALL, _CALL), (PromiseKind.REPLY, _REPLY), (PromiseKind.ACT, _ACT)):
        if found := list(pattern.finditer(words)):
            return kind, found[-1]
    return None


def is_said_by_us(sentence: str, clause_of_time: str, clause_of_verb: str) -> bool:
    """We say that we do it: no request, no question, no condition, nothing done already or by others."""
    if re.search(r"[?？]\s*$|[吗么呢]\s*[。!！~]*$", sentence) or not _US.search(sentence):
        return False
    told = {clause_of_time, clause_of_verb}
    if any(p.search(each) for each in told for p in (_ASKS, _IF, _USUAL)):
        return False
    return not any(p.search(clause_of_verb) for p in (_NOT, _DONE, _OTHERS))


def times(words: str, now: datetime, calendar: Calendar) -> Iterator[tuple[int, datetime]]:
    """(where it stands, the instant), in the order of the text."""
    for span in _SPAN.finditer(words):
        yield span.start(), _after(span, now, calendar)
    rest = _SPAN.sub(lambda m: "。" * len(m[0]), words)
    for when in _WHEN.finditer(rest):
        due = _moment(when, now, calendar)
        if due is not None:
            yield when.start(), due


def _after(span: re.Match[str], now: datetime, calendar: Calendar) -> datetime:
    count = (numeral(span["n"]) if span["n"] else 0.0) + (0.5 if span["half"] or span["more"] else 0.0)
    if span["unit"] == "工作日":
        day = calendar.add_working_days(calendar.local_date(now), max(1, round(count)))
        return moments.close_of(calendar, day)
    return now + count * _UNITS[span["unit"]]


def _moment(when: re.Match[str], now: datetime, calendar: Calendar) -> datetime | None:
    day_word, part_word, hour_word = when["day"], when["part"], when["hour"]
    if not day_word and not hour_word and part_word not in _ALONE:
        return None
    if hour_word in ("一", "十") and not day_word and not part_word and not when["how"]:
        return None  # 快一点, 等一点
    today = calendar.local_date(now)
    day = _day(when, today, calendar) if day_word else None
    if day_word and day is None:
        return None
    part = _PARTS.get(part_word or "")
    if hour_word:
        due = moments.clock(calendar, day, part, int(numeral(hour_word)), _minutes(when), now)
    else:
        due = moments.end_of_part(calendar, day or today, part)
    if due is not None and when["how"] and "后" in when["how"]:
        due = max(due + timedelta(hours=1), moments.close_of(calendar, day or today))
    return due


def _minutes(when: re.Match[str]) -> int:
    if when["half"]:
        return 30
    if when["quarter"]:
        return 15 * int(numeral(when["quarter"]))
    return int(numeral(when["minute"])) if when["minute"] else 0


def _day(when: re.Match[str], today: date, calendar: Calendar) -> date | None:
    word = when["day"]
    for start, ahead in (("今", 0), ("当", 0), ("大后", 3), ("后", 2), ("明", 1)):
        if word.startswith(start):
            return today + timedelta(days=ahead)
    if when["weekday"]:
        return _weekday("一二三四五六日".index(when["weekday"].replace("天", "日")), when["next"] or "", today)
    monday = today - timedelta(days=today.weekday())
    if word.startswith(("周末", "本周", "这周", "这星", "这个")) and not word.endswith("底"):
        if word == "周末":
            return monday + timedelta(days=6)
        return moments.last_working_day(calendar, today, monday + timedelta(days=6))
    if when["week"]:
        return moments.last_working_day(calendar, monday + timedelta(days=7), monday + timedelta(days=13))
    if word.endswith("底"):
        last = today.replace(day=monthrange(today.year, today.month)[1])
        return moments.last_working_day(calendar, today, last)
    return _dated(when, today)


def _weekday(wanted: int, which: str, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=wanted + 7 * which.count("下"))
    return day if day >= today or which else day + timedelta(days=7)


def _dated(when: re.Match[str], today: date) -> date | None:
    try:
        if when["month"]:
            day = date(today.year, int(when["month"]), int(when["dom"]))
            return day if day >= today else day.replace(year=today.year + 1)
        day = today.replace(day=int(when["only"]))
        return day if day >= today else (today.replace(day=1) + timedelta(days=32)).replace(day=int(when["only"]))
    except ValueError:
        return None
