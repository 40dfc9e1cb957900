"""Alibaba Cloud SMS as the house knows it."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.sms.aliyun.parse import parse
from yizhan.channels.sms.aliyun.send import AliyunSender, check
from yizhan.channels.sms.aliyun.settings import AliyunSecrets, AliyunSettings
from yizhan.channels.sms.door import verify
from yizhan.channels.sms.policy import capabilities
from yizhan.channels.sms.settings import FORM
from yizhan.desk.channels import BASE_URL, Account, Adapter, FormField, Heard, Reply, Request, SetupStep, Words

_TAKEN = Reply('{"code":0,"msg":"接收成功"}'.encode(), "application/json; charset=utf-8")


def hear(account: Account, request: Request, now: datetime) -> Heard:
    verify(account, request)
    return Heard(parse(request.body), _TAKEN)


ADAPTER = Adapter(
    name="sms_aliyun", title=Words("短信(阿里云)", "SMS (Alibaba Cloud)"), mark="sms", settings=AliyunSettings,
    secrets=AliyunSecrets, capabilities=capabilities, hear=hear, sender=AliyunSender, check=check,
    form=(
        FormField(key="access_key_id", label=Words("AccessKey ID", "AccessKey ID"), required=True),
        FormField(key="access_key_secret", label=Words("AccessKey Secret", "AccessKey Secret"), secret=True,
                  required=True),
        *FORM,
        FormField(key="extend", label=Words("上行扩展码", "Extension of our number"), advanced=True),
        BASE_URL,
        FormField(key="version", label=Words("接口版本", "Version of the API"), advanced=True),
    ),
    steps=(
        SetupStep(Words("在 RAM 建一个只有 AliyunDysmsFullAccess 权限的子账号,把它的 AccessKey 填在上面。",
                        "Make a RAM user with nothing but AliyunDysmsFullAccess, and enter its AccessKey above.")),
        SetupStep(Words("在短信控制台申请签名和模板,通过后逐行填写。",
                        "Apply for a signature and templates in the SMS console; enter them when they are approved.")),
        SetupStep(Words("控制台「通用设置」打开 SmsReport 与 SmsUp 的 HTTP 批量推送,地址都填 {callback}。",
                        "Under general settings turn on HTTP batch push of SmsReport and SmsUp, both to {callback}.")),
    ),
)  # fmt: skip
