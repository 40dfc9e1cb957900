"""From a letter to the parameters of SendSms. Pure."""

from __future__ import annotations

import msgspec

from yizhan.channels.sms.aliyun.settings import AliyunSettings
from yizhan.channels.sms.policy import filled
from yizhan.desk.outbound import Letter


def number(e164: str) -> str:
    """Mainland numbers without their country, all others with it and without a plus."""
    return e164.removeprefix("+86") if e164.startswith("+86") else e164.removeprefix("+")


def render(letter: Letter, settings: AliyunSettings) -> dict[str, str]:
    """Raises SendFailed for what no template covers."""
    made = filled(letter, settings)
    asked = {
        "PhoneNumbers": number(letter.to),
        "SignName": settings.sign_name,
        "TemplateCode": made.template.code,
        "OutId": str(letter.message_id),
    }
    if made.blanks:
        asked["TemplateParam"] = msgspec.json.encode(made.blanks).decode()
    if settings.extend:
        asked["SmsUpExtendCode"] = settings.extend
    return asked
