"""What an SMS inbox of either cloud is told by its administrator."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.channels.sms.policy import SmsTemplate, read_templates
from yizhan.desk.channels import TIMEOUT, FormField, Words

_Line = Annotated[str, Meta(min_length=1, max_length=1_000)]
_Hour = Annotated[int, Meta(ge=0, le=24)]
Url = Annotated[str, Meta(max_length=500, pattern=r"^https?://\S+$")]


class SmsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`templates` are lines of a code and the approved text; `reply_template` is the one whose only blank takes what an
    agent writes freely. Marketing goes between the two hours, by Chinese time. A text of up to `one_part` characters is
    one message, a longer one is cut after `each_part`."""

    sign_name: Annotated[str, Meta(max_length=40)] = ""
    templates: Annotated[tuple[_Line, ...], Meta(max_length=200)] = ()
    reply_template: Annotated[str, Meta(max_length=60)] = ""
    most_blank_chars: Annotated[int, Meta(ge=1, le=1_000)] = 500
    marketing_from: _Hour = 8
    marketing_until: _Hour = 21
    one_part: Annotated[int, Meta(ge=1, le=160)] = 70
    each_part: Annotated[int, Meta(ge=1, le=160)] = 67
    timeout: Annotated[float, Meta(ge=1, le=60)] = 10.0

    def __post_init__(self) -> None:
        known = read_templates(self.templates)
        if self.reply_template and len(known[self.reply_template].blanks if self.reply_template in known else ()) != 1:
            raise ValueError("the template for free replies must be one of the templates, with one blank")

    @property
    def known(self) -> dict[str, SmsTemplate]:
        return read_templates(self.templates)


FORM = (
    FormField(key="sign_name", label=Words("短信签名", "Signature"), required=True,
              help=Words("已报备的签名,不带【】", "As approved, without 【】")),
    FormField(key="templates", label=Words("短信模板", "Templates"), kind="list", help=Words(
        "每行一个:模板编号、空格、审核通过的正文;变量照抄,营销短信以“拒收请回复R”结尾",
        "One a line: its code, a space, the text as approved; blanks as they stand, marketing ends with 拒收请回复R")),
    FormField(key="reply_template", label=Words("自由回复用的模板", "Template for free replies"), help=Words(
        "只有一个变量的模板编号;不填则只能发模板短信",
        "The code of a template with one blank; without it only templates can be sent")),
    FormField(key="callback_token", label=Words("回调口令", "Callback token"), secret=True, help=Words(
        "云厂商的回执不签名:填写后,回调地址末尾须带 ?token=口令",
        "The cloud does not sign its reports: when set, the callback address must end with ?token=…")),
    FormField(key="most_blank_chars", label=Words("变量最多字数", "Characters a blank may have"), kind="number",
              advanced=True),
    FormField(key="marketing_from", label=Words("营销短信开始时刻", "Marketing from"), kind="number", advanced=True),
    FormField(key="marketing_until", label=Words("营销短信结束时刻", "Marketing until"), kind="number", advanced=True),
    FormField(key="one_part", label=Words("单条字数", "Characters of a single part"), kind="number", advanced=True),
    FormField(key="each_part", label=Words("长短信每条字数", "Characters of each of several parts"), kind="number",
              advanced=True),
    TIMEOUT,
)  # fmt: skip
"""What is asked for both clouds alike; each puts its own fields before."""
