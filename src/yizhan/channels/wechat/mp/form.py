"""What an administrator fills in for a 公众号, and what he does in the vendor's console."""

from __future__ import annotations

from yizhan.channels.wechat.fields import ADVANCED
from yizhan.desk.channels import FormField, SetupStep, Words

FORM = (
    FormField(key="appid", label=Words("AppID", "AppID"), required=True,
              help=Words("公众平台「设置与开发 › 基本配置」", "In the console: Settings › Basic configuration")),
    FormField(key="app_secret", label=Words("AppSecret", "AppSecret"), secret=True, required=True),
    FormField(key="token", label=Words("令牌 Token", "Token"), secret=True, required=True,
              help=Words("3–32 位字母或数字，与后台一致", "3 to 32 letters or digits, the same as in the console")),
    FormField(key="aes_key", label=Words("消息加解密密钥", "EncodingAESKey"), secret=True, required=True,
              help=Words("43 位，与后台一致", "43 characters, the same as in the console")),
    FormField(key="welcome", label=Words("关注欢迎语", "Welcome to followers"), kind="long",
              help=Words("随关注即时回复，不占用回复条数", "Answered at once; costs none of the counted replies")),
    FormField(key="menu_replies", label=Words("菜单即时回复", "Answers to menu items"), kind="list",
              help=Words("每行 KEY=回复内容", "One a line: KEY=answer")),
    FormField(key="templates", label=Words("模板消息", "Template messages"), kind="list", help=Words(
        "每行：模板 ID、空格、模板内容，变量写作 {{first.DATA}}；会话过期后仍可发送",
        "One a line: the id, a space and the text with its blanks as {{first.DATA}}; sent after the window has shut")),
    FormField(key="notices", label=Words("订阅通知", "Notices people subscribe to"), kind="list", help=Words(
        "每行：模板 ID、空格、内容；仅能发给订阅过的用户", "One a line, as above; only for people who subscribed")),
    FormField(key="kf_account", label=Words("显示为客服账号", "Shown as this agent"), advanced=True),
    FormField(key="tag_id", label=Words("咨询用户标签编号", "Tag for people who write"), kind="number", advanced=True),
    FormField(key="unionid", label=Words("读取 UnionID", "Read the UnionID"), kind="switch", advanced=True),
    FormField(key="message_count", label=Words("来信后可回复条数", "Replies to a message"), kind="number",
              advanced=True),
    FormField(key="message_seconds", label=Words("回复时限（秒）", "Time to reply in seconds"), kind="number",
              advanced=True),
    FormField(key="menu_count", label=Words("点击菜单后可回复条数", "Replies to a menu item"), kind="number",
              advanced=True),
    FormField(key="follow_count", label=Words("关注后可回复条数", "Replies to a follow"), kind="number", advanced=True),
    FormField(key="scan_count", label=Words("扫码后可回复条数", "Replies to a scan"), kind="number", advanced=True),
    FormField(key="paid_count", label=Words("付款后可回复条数（0 不限）", "Replies to a payment (0: any number)"),
              kind="number", advanced=True),
    *ADVANCED,
)  # fmt: skip

STEPS = (
    SetupStep(Words(
        "登录微信公众平台，在「设置与开发 › 基本配置」复制 AppID，重置并复制 AppSecret，填入上方。",
        "Sign in to the WeChat console, copy the AppID and a fresh AppSecret from Basic configuration to the form.")),
    SetupStep(Words(
        "在同一页把本服务器的出口 IP 加入「IP 白名单」。",
        "On the same page add the outgoing IP address of this server to the IP allow-list.")),
    SetupStep(Words(
        "在「服务器配置」填写 URL：{callback}，Token 和 EncodingAESKey 与上方一致，"
        "加密方式选「安全模式」，保存并启用。",
        "Under Server configuration set the URL {callback}, the same Token and EncodingAESKey as above, choose safe "
        "mode, save and enable it.")),
    SetupStep(Words(
        "需要 UnionID 时，在微信开放平台绑定该公众号和小程序。",
        "For one customer across accounts bind this account and the mini-programs in the Open Platform.")),
)  # fmt: skip
