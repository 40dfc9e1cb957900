"""What an administrator is asked for, and what he does at the vendor's."""

from __future__ import annotations

from yizhan.channels.wechat.qyform import CONNECTION, SECRETS, VENDOR, field, figure, step

STEPS = (
    step(
        "在企业微信管理后台创建自建应用, 记下企业 ID 和该应用的 Secret",
        "Make an application of your own in the WeCom console; note the CorpID and its secret",
    ),
    step(
        "在微信客服的可调用接口的应用中加入该应用, 并把客服账号设为通过 API 管理",
        "Under 微信客服, add it to the applications that may call the API, and have the account managed by API",
    ),
    step(
        "在应用的企业可信 IP 中填写本服务器的出口 IP",
        "Enter this server's public address among the application's trusted IPs",
    ),
    step(
        "在微信客服的接收消息服务器中填写 {callback}, 并把 Token 和 EncodingAESKey 填到这里",
        "Enter {callback} as the receiving server of 微信客服, and its Token and EncodingAESKey here",
    ),
    step(
        "保存后点击测试; 再用微信打开客服链接发一句话",
        "Save, press test, then open the account's link in WeChat and say something",
    ),
)

FORM = (
    *CONNECTION,
    field(
        "open_kfid", "客服账号 ID", "Account (open_kfid)", required=True,
        help=("以 wk 开头, 测试时会列出可用的账号", "Begins with wk; the test lists those you have"),
    ),
    *SECRETS,
    field(
        "welcome", "欢迎语", "Welcome", kind="long",
        help=("客户进入会话 20 秒内自动发送一次", "Said once, within 20 seconds of somebody entering"),
    ),
    field("welcome_menu", "欢迎语菜单", "Choices below the welcome", kind="list"),
    field("farewell", "会话结束语", "Words when a session ends", kind="long"),
    field(
        "leave_sessions", "会话交给企业微信客户端接待", "Leave sessions to WeCom's own client", kind="switch",
        help=("在那里接待的会话不能在这里回复", "A session served there cannot be answered here"),
    ),
    *VENDOR,
    figure("window_messages", "来信后可回复条数", "Replies to each message"),
    figure("window_hours", "回复时限(小时)", "Hours to reply"),
    figure("welcome_seconds", "欢迎语时限(秒)", "Seconds for the welcome"),
    figure("page", "每次拉取条数", "Messages in a page"),
    field("duplicate_codes", "重复消息的错误码", "Codes for a repeated message", kind="list", advanced=True),
)  # fmt: skip
