"""From a letter to the body of SendSms. Pure."""

from __future__ import annotations

import msgspec

from yizhan.channels.sms.policy import filled
from yizhan.channels.sms.tencent.settings import TencentSettings
from yizhan.desk.outbound import Letter


class Asked(msgspec.Struct, rename="pascal", omit_defaults=True, kw_only=True):
    phone_number_set: list[str]
    sms_sdk_app_id: str
    sign_name: str
    template_id: str
    template_param_set: list[str]
    session_context: str
    extend_code: str = ""


def render(letter: Letter, settings: TencentSettings) -> bytes:
    """The very bytes that are signed and sent. Raises SendFailed for what no template covers."""
    made = filled(letter, settings)
    return msgspec.json.encode(Asked(
        phone_number_set=[letter.to], sms_sdk_app_id=settings.app_id, sign_name=settings.sign_name,
        template_id=made.template.code, template_param_set=_in_order(made.blanks),
        session_context=str(letter.message_id), extend_code=settings.extend,
    ))  # fmt: skip


def _in_order(blanks: dict[str, str]) -> list[str]:
    """{1}, {2} … are sent by number; a cloud that names none gets them as they stand in the text."""
    if all(name.isdigit() for name in blanks):
        return [blanks[name] for name in sorted(blanks, key=int)]
    return list(blanks.values())
