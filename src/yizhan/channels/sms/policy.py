"""What law and carriers ask of a text message, whichever cloud carries it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import msgspec

from yizhan.desk.channels import Arrival, Capabilities, ChannelEvent, ChannelTemplate, TextParts
from yizhan.desk.intake import Sender
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import mask_phone
from yizhan.records.contacts import normalise
from yizhan.records.inboxes import Check

if TYPE_CHECKING:
    from yizhan.channels.sms.settings import SmsSettings

CHINA = timezone(timedelta(hours=8))
TEMPLATE = "template"
_BLANK = re.compile(r"\$?\{(\w+)\}")
_STOPS = frozenset({"R", "\uff32", "T", "TD", "退订", "拒收", "回复R"})
_REFUSE = re.compile(r"拒收请回复\s*[RＲ]\s*$")


class SmsTemplate(msgspec.Struct, frozen=True):
    """`blanks` in the order in which they first stand in the text."""

    code: str
    text: str
    blanks: tuple[str, ...]
    marketing: bool


def read_templates(lines: Iterable[str]) -> dict[str, SmsTemplate]:
    """By code. Raises ValueError for a line that is none, since settings are read by the decoder."""
    found: dict[str, SmsTemplate] = {}
    for line in lines:
        code, _, text = line.strip().partition(" ")
        if not text.strip():
            raise ValueError(f"a template is a code, a space and its text: {line[:40]}")
        text = text.strip()
        blanks = tuple(dict.fromkeys(_BLANK.findall(text)))
        found[code] = SmsTemplate(code, text, blanks, _REFUSE.search(text) is not None)
    return found


class Filled(msgspec.Struct, frozen=True):
    """A template and what stands in its blanks, by name."""

    template: SmsTemplate
    blanks: dict[str, str]

    @property
    def text(self) -> str:
        return _BLANK.sub(lambda found: self.blanks[found[1]], self.template.text)


def filled(letter: Letter, settings: SmsSettings) -> Filled:
    """The approved template a letter goes as. Raises SendFailed where there is none, or a blank stays empty."""
    if letter.files:
        raise SendFailed(ErrorClass.BAD_REQUEST, "短信不能带文件 an SMS carries no files")
    if letter.kind == TEMPLATE and letter.payload and "template" in letter.payload:
        return _chosen(letter.payload, settings)
    free = settings.known.get(settings.reply_template)
    if free is None:
        raise SendFailed(
            ErrorClass.PERMISSION, "短信须用审核通过的模板 an SMS must be an approved template; choose one"
        )
    return _bounded(Filled(free, {free.blanks[0]: " ".join(letter.text.split())}), settings)


def _chosen(payload: Mapping[str, Any], settings: SmsSettings) -> Filled:
    template = settings.known.get(str(payload["template"]))
    if template is None:
        raise SendFailed(ErrorClass.PERMISSION, f"没有模板 no template {payload['template']}")
    given = payload.get("blanks") or {}
    return _bounded(Filled(template, {each: str(given.get(each, "")).strip() for each in template.blanks}), settings)


def _bounded(made: Filled, settings: SmsSettings) -> Filled:
    for name, words in made.blanks.items():
        if not words:
            raise SendFailed(ErrorClass.BAD_REQUEST, f"变量 {name} 未填写 the blank {name} is empty")
        if len(words) > settings.most_blank_chars:
            raise SendFailed(
                ErrorClass.BAD_REQUEST,
                f"变量 {name} 超过 {settings.most_blank_chars} 字 more than {settings.most_blank_chars} characters",
            )
    return made


def until_allowed(marketing: bool, settings: SmsSettings, now: datetime) -> timedelta | None:
    """How long a marketing message has to wait; None when it may go now. The end of the evening is not in it."""
    local = now.astimezone(CHINA)
    if not marketing or settings.marketing_from <= local.hour < settings.marketing_until:
        return None
    opens = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=settings.marketing_from)
    return (opens if opens > local else opens + timedelta(days=1)) - local


def ensure_hour(made: Filled, settings: SmsSettings, now: datetime) -> None:
    """Raises SendFailed, to be tried again in the morning."""
    wait = until_allowed(made.template.marketing, settings, now)
    if wait is not None:
        hours = f"{settings.marketing_from:02}:00-{settings.marketing_until:02}:00"
        raise SendFailed(
            ErrorClass.WINDOW_CLOSED, f"营销短信只在 {hours} 发送 marketing goes then only", retry_after=wait
        )


def parts(chars: int, limits: TextParts) -> int:
    """How many messages the carrier counts for so many characters of one's own."""
    whole = chars + limits.around + limits.framed
    return 1 if whole <= limits.one else -(-whole // limits.each)


def capabilities(settings: SmsSettings) -> Capabilities:
    known = settings.known
    free = known.get(settings.reply_template)
    fixed = len(_BLANK.sub("", free.text)) if free else 0
    signed = len(settings.sign_name) + 2 if settings.sign_name else 0
    return Capabilities(
        text_chars=settings.most_blank_chars, kinds=frozenset({TEMPLATE}), receipts=frozenset({"delivered"}),
        templates_outside=True, first=True, free=free is not None,
        templates=tuple(ChannelTemplate(t.code, t.text, t.blanks, t.marketing) for t in known.values()),
        parts=TextParts(settings.one_part, settings.each_part, signed, fixed),
    )  # fmt: skip


def filled_in(settings: SmsSettings) -> list[Check]:
    """What is missing in the settings, before the cloud is asked."""
    signed, known, free = bool(settings.sign_name), bool(settings.templates), bool(settings.reply_template)
    return [
        _needed("sign_name", signed, "填写审核通过的签名", "enter the approved signature"),
        _needed("templates", known, "至少填写一个审核通过的模板", "enter at least one approved template"),
        Check("reply_template", True, "" if free else "only templates can be sent, no free replies"),
    ]


def _needed(name: str, given: bool, zh: str, en: str) -> Check:
    return Check(name, True) if given else Check(name, False, hint_zh=zh, hint_en=en)


def said(arrival: Arrival) -> Arrival | ChannelEvent:
    """The letter that the law lets a customer answer marketing with is no question to anybody."""
    if arrival.text.strip().upper() not in _STOPS:
        return arrival
    return ChannelEvent(
        id=arrival.id, who=arrival.who, name=arrival.name, kind="unsubscribe", detail={"text": arrival.text.strip()},
        at=arrival.at,
    )  # fmt: skip


def who(number: str) -> Sender:
    """A number as the carrier names it: a known customer's is his, but it proves nothing, for senders can be forged."""
    bare = number.strip()
    for spelled in (bare, f"+{bare.lstrip('+0')}"):
        try:
            e164 = normalise("phone", spelled)
        except Invalid:
            continue
        return Sender(kind="phone", value=e164, inbox_scoped=False, rank="primary", masked=mask_phone(e164))
    return Sender(kind="sms", value=bare[:60] or "unknown", inbox_scoped=True, masked=bare[:3] + "***")
