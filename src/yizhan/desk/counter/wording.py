"""What customers are told of their appointments, in their language."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum

from yizhan.desk.counter.documents import Shop, StandingShop
from yizhan.records.appointments import Appointment

_WEEK = "一二三四五六日"


class Step(StrEnum):
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDED = "reminded"
    MISSED = "missed"


_WORDS = {
    "zh": {
        Step.BOOKED: "已为您预约到店：{when}，{shop}，{purpose}。{where}"
        "需要改期或取消，点“会员码·预约”，或直接告诉我们。",
        Step.MOVED: "您的到店预约已改为：{when}，{shop}，{purpose}。{where}",
        Step.CANCELLED: "您 {when} 在{shop}的到店预约已取消。需要重新预约，直接告诉我们。",
        Step.REMINDED: "到店提醒：{when}，{shop}，{purpose}。{where}来不了也没关系，请先改期或取消。",
        Step.MISSED: "您 {when} 在{shop}的预约没有到店。还需要的话，我们帮您改个时间。",
    },
    "en": {
        Step.BOOKED: "Your appointment: {when}, {shop}, {purpose}. {where}To change or cancel it, open “Code &"
        " visits” or just tell us.",
        Step.MOVED: "Your appointment was changed to {when}, {shop}, {purpose}. {where}",
        Step.CANCELLED: "Your appointment of {when} at {shop} is cancelled. Tell us when you would like another.",
        Step.REMINDED: "A reminder: {when}, {shop}, {purpose}. {where}If you cannot come, please change or cancel it"
        " first.",
        Step.MISSED: "You did not come to your appointment of {when} at {shop}. Shall we find another time?",
    },
}  # fmt: skip
_WHERE = {"zh": "地址：{address}。", "en": "Address: {address}. "}


def told(step: Step, a: Appointment, standing: StandingShop, locale: str) -> str:
    shop, language = standing.shop, _language(locale)
    return _WORDS[language][step].format(
        when=moment(a.starts_at, standing.calendar.zone, locale), shop=getattr(shop.name, language),
        purpose=purpose_in(shop, a.purpose, locale),
        where=_WHERE[language].format(address=shop.address) if shop.address else "",
    ).strip()  # fmt: skip


def moment(at: datetime, zone: tzinfo, locale: str) -> str:
    """With its date: whoever reads it tomorrow must not take it for another day."""
    there = at.astimezone(zone)
    if _language(locale) == "en":
        return f"{there:%A} {there.day} {there:%B}, {there:%H:%M}"
    return f"{there.month}月{there.day}日（周{_WEEK[there.weekday()]}）{there:%H:%M}"


def purpose_in(shop: Shop, purpose: str, locale: str) -> str:
    """One of the shop's purposes is said in the customer's language; what was typed stays as it is."""
    known = next((each for each in shop.purposes if purpose in (each.zh, each.en)), None)
    return getattr(known, _language(locale)) if known is not None else purpose


def _language(locale: str) -> str:
    return "en" if locale.startswith("en") else "zh"
