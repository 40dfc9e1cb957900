"""Templates, hours, lengths: what is asked of a text message whichever cloud carries it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.channels.letters import a_letter
from yizhan.channels.sms import aliyun, policy, tencent
from yizhan.channels.sms.aliyun.render import render as render_aliyun
from yizhan.channels.sms.tencent.render import render as render_tencent
from yizhan.desk.channels import TextParts
from yizhan.desk.outbound import ErrorClass, SendFailed

SETTINGS = msgspec.convert(
    {
        "sign_name": "驿站商城",
        "templates": [
            "SMS_1 客服回复:${content}",
            "SMS_2 您的验证码为${code},${min}分钟有效",
            "SMS_3 八折,拒收请回复R",
        ],
        "reply_template": "SMS_1",
        "access_key_id": "LTAI",
    },
    aliyun.AliyunSettings,
)


def template(key: str, **blanks: str) -> dict[str, Any]:
    return {"kind": "template", "payload": {"template": key, "blanks": blanks}}


def test_a_free_reply_fills_the_one_blank() -> None:
    asked = render_aliyun(a_letter("+8613800138000", "明天\n到 😀"), SETTINGS)
    assert (asked["PhoneNumbers"], asked["TemplateCode"]) == ("13800138000", "SMS_1")
    assert json.loads(asked["TemplateParam"]) == {"content": "明天 到 😀"}
    assert asked["OutId"] == "00000000-0000-0000-0000-000000000003"
    assert render_aliyun(a_letter("+85261234567"), SETTINGS)["PhoneNumbers"] == "85261234567"


def test_a_template_is_filled_by_name() -> None:
    asked = render_aliyun(a_letter("+8613800138000", **template("SMS_2", code="1234", min="5")), SETTINGS)
    assert json.loads(asked["TemplateParam"]) == {"code": "1234", "min": "5"}


def test_tencent_takes_blanks_in_their_order() -> None:
    settings = msgspec.convert(
        {"templates": ["9 {2}号店{1}元", "10 ${b}和${a}"], "app_id": "14", "sign_name": "x"}, tencent.TencentSettings
    )
    first = json.loads(render_tencent(a_letter("+8613800138000", **template("9", **{"1": "五", "2": "七"})), settings))
    assert (first["TemplateParamSet"], first["PhoneNumberSet"]) == (["五", "七"], ["+8613800138000"])
    assert first["SessionContext"] == "00000000-0000-0000-0000-000000000003"
    second = json.loads(render_tencent(a_letter("+8613800138000", **template("10", a="甲", b="乙")), settings))
    assert second["TemplateParamSet"] == ["乙", "甲"]


@pytest.mark.parametrize(
    ("more", "error_class"),
    [
        (template("SMS_9"), ErrorClass.PERMISSION),
        (template("SMS_2", code="1"), ErrorClass.BAD_REQUEST),
        (template("SMS_2", code="1" * 501, min="5"), ErrorClass.BAD_REQUEST),
    ],
)
def test_what_no_template_covers_is_refused(more: dict[str, Any], error_class: ErrorClass) -> None:
    with pytest.raises(SendFailed) as refusal:
        render_aliyun(a_letter("+8613800138000", **more), SETTINGS)
    assert (refusal.value.error_class, refusal.value.retry_after) == (error_class, None)


def test_without_a_template_for_replies_nothing_free_is_sent() -> None:
    with pytest.raises(SendFailed) as refusal:
        render_aliyun(a_letter("+8613800138000"), msgspec.structs.replace(SETTINGS, reply_template=""))
    assert refusal.value.error_class is ErrorClass.PERMISSION


@pytest.mark.parametrize("wrong", [{"templates": ["SMS_1"]}, {"templates": ["A x"], "reply_template": "A"}])
def test_settings_say_what_is_wrong(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, aliyun.AliyunSettings)


@pytest.mark.parametrize(
    ("hour", "minute", "wait"),
    [(8, 0, None), (20, 59, None), (21, 0, timedelta(hours=11)), (7, 30, timedelta(minutes=30))],
)
def test_marketing_waits_for_the_morning(hour: int, minute: int, wait: timedelta | None) -> None:
    now = datetime(2026, 3, 2, hour, minute, tzinfo=policy.CHINA).astimezone(UTC)
    assert policy.until_allowed(True, SETTINGS, now) == wait
    assert policy.until_allowed(False, SETTINGS, now) is None


@pytest.mark.parametrize(("chars", "count"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_parts(chars: int, count: int) -> None:
    assert policy.parts(chars, TextParts(70, 67)) == count


def test_what_an_agent_is_shown() -> None:
    able = policy.capabilities(SETTINGS)
    assert able.parts == TextParts(70, 67, len("【驿站商城】"), len("客服回复:"))
    assert [(t.key, t.blanks, t.marketing) for t in able.templates] == [
        ("SMS_1", ("content",), False), ("SMS_2", ("code", "min"), False), ("SMS_3", (), True),
    ]  # fmt: skip
    assert (able.first, able.receipts) == (True, frozenset({"delivered"}))


@pytest.mark.parametrize(
    ("number", "kind", "value"),
    [
        ("13800138000", "phone", "+8613800138000"),
        ("8613800138000", "phone", "+8613800138000"),
        ("+85261234567", "phone", "+85261234567"),
        ("85261234567", "phone", "+85261234567"),
        ("10086", "sms", "10086"),
    ],
)
def test_who_writes(number: str, kind: str, value: str) -> None:
    sender = policy.who(number)
    assert (sender.kind, sender.value, sender.verified) == (kind, value, False)
