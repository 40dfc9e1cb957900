"""Tencent Cloud SMS as the house knows it."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.sms.door import verify
from yizhan.channels.sms.policy import capabilities
from yizhan.channels.sms.settings import FORM
from yizhan.channels.sms.tencent.parse import parse
from yizhan.channels.sms.tencent.send import TencentSender, check, pull
from yizhan.channels.sms.tencent.settings import TencentSecrets, TencentSettings
from yizhan.desk.channels import BASE_URL, Account, Adapter, FormField, Heard, Reply, Request, SetupStep, Words

_TAKEN = Reply(b'{"result":0,"errmsg":"OK"}', "application/json; charset=utf-8")


def hear(account: Account, request: Request, now: datetime) -> Heard:
    verify(account, request)
    return Heard(parse(request.body), _TAKEN)


ADAPTER = Adapter(
    name="sms_tencent", title=Words("短信(腾讯云)", "SMS (Tencent Cloud)"), mark="sms", settings=TencentSettings,
    secrets=TencentSecrets, capabilities=capabilities, hear=hear, sender=TencentSender, pull=pull, check=check,
    form=(
        FormField(key="secret_id", label=Words("SecretId", "SecretId"), required=True),
        FormField(key="secret_key", label=Words("SecretKey", "SecretKey"), secret=True, required=True),
        FormField(key="app_id", label=Words("短信应用 SmsSdkAppId", "SmsSdkAppId"), required=True),
        *FORM,
        FormField(key="pulls", label=Words("定时拉取回执与回复", "Ask for reports and replies"), kind="switch",
                  help=Words("云上已开通拉取时打开:超时的短信不靠回调也能确认",
                             "Where the cloud keeps them: a time-out is settled without a callback")),
        FormField(key="extend", label=Words("上行扩展码", "Extension of our number"), advanced=True),
        FormField(key="region", label=Words("地域", "Region"), advanced=True),
        BASE_URL,
        FormField(key="version", label=Words("接口版本", "Version of the API"), advanced=True),
    ),
    steps=(
        SetupStep(Words("在访问管理建一个只有短信权限的子账号,把它的 SecretId 和 SecretKey 填在上面。",
                        "Make a sub-account that may only send SMS, and enter its SecretId and SecretKey above.")),
        SetupStep(Words("在短信控制台建应用,申请签名和正文模板,通过后逐行填写。",
                        "Make an app, apply for a signature and templates; enter them when approved.")),
        SetupStep(Words("应用的「回调配置」里,短信下发状态与短信回复的地址都填 {callback}。",
                        "In the app's callbacks enter {callback} for delivery states and for replies.")),
    ),
)  # fmt: skip
