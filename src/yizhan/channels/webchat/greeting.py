"""What a visitor is told before anybody speaks: the welcome, the invitations he may get, when we are back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from yizhan.channels.webchat.settings import HourBand, InvitationRule, WebchatSettings, Welcome

_DEFAULT = {
    "zh-CN": Welcome(text="您好,请问有什么可以帮您?"),
    "en": Welcome(text="Hello! How can we help you?"),
}
_WEEKDAYS = {
    "zh-CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """The visitor as he opens a page. `source` is one word: a campaign or the site he came from."""

    at: datetime
    locale: str
    source: str = ""
    url: str = ""
    online: bool = True


def welcome_for(settings: WebchatSettings, moment: Moment) -> Welcome:
    locale = _locale(moment.locale)
    for welcome in settings.welcome:
        if (
            (welcome.locale is None or welcome.locale == locale)
            and _hours_hold(settings, welcome.hours, moment)
            and _source_holds(welcome.sources, moment)
            and welcome.page in moment.url
        ):
            return welcome
    return _DEFAULT[locale]


def rules_for(settings: WebchatSettings, seen: Sequence[str] | None, moment: Moment) -> list[InvitationRule]:
    """The rules a visitor may still meet. `seen` are those of the last week; None: nothing may invite him now."""
    if seen is None:
        return []
    return [
        rule
        for rule in settings.rules
        if rule.enabled
        and rule.id not in seen
        and (moment.online or not rule.only_online)
        and _hours_hold(settings, rule.hours, moment)
        and _source_holds(rule.sources, moment)
    ]


def opens_text(settings: WebchatSettings, opens: datetime | None, now: datetime, locale: str) -> str | None:
    """明早 9:30: as one says it, on the inbox's clock. None when no opening is known."""
    if opens is None:
        return None
    zone = ZoneInfo(settings.timezone)
    local, today = opens.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local.hour}:{local.minute:02}"
    days = (local.date() - today).days
    return _chinese(local, days, clock) if _locale(locale) == "zh-CN" else _english(local, days, clock)


def promise(opens: datetime | None, now: datetime, after: timedelta) -> datetime:
    """When an answer to a message left now can be promised: so long after the next opening."""
    return max(opens or now, now) + after


def _chinese(local: datetime, days: int, clock: str) -> str:
    part = "早" if local.hour < 12 else "天" if local.hour < 18 else "晚"
    match days:
        case 0:
            return f"今天 {clock}"
        case 1:
            return f"明{part} {clock}"
        case _ if days < 7:
            return f"{_WEEKDAYS['zh-CN'][local.weekday()]} {clock}"
        case _:
            return f"{local.month} 月 {local.day} 日 {clock}"


def _english(local: datetime, days: int, clock: str) -> str:
    match days:
        case 0:
            return f"today at {clock}"
        case 1:
            return f"tomorrow at {clock}"
        case _ if days < 7:
            return f"{_WEEKDAYS['en'][local.weekday()]} at {clock}"
        case _:
            return f"{local:%b} {local.day} at {clock}"


def _locale(locale: str) -> str:
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def _hours_hold(settings: WebchatSettings, hours: HourBand | None, moment: Moment) -> bool:
    return hours is None or hours.holds(moment.at.astimezone(ZoneInfo(settings.timezone)).time())


def _source_holds(sources: Sequence[str], moment: Moment) -> bool:
    """`weibo` is the campaign of that name and any site of it: weibo.com, m.weibo.cn."""
    came = moment.source.lower()
    wanted = [source.lower().removeprefix("www.") for source in sources]
    return not wanted or any(each == came or each in came.split(".") or came.endswith(f".{each}") for each in wanted)
