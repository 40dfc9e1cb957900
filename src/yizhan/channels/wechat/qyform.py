"""What every inbox of 企业微信 asks an administrator for."""

from __future__ import annotations

from typing import Any

from yizhan.desk.channels import FormField, SetupStep, Words


def field(key: str, zh: str, en: str, *, help: tuple[str, str] = ("", ""), **more: Any) -> FormField:
    return FormField(key=key, label=Words(zh, en), help=Words(*help), **more)


def figure(key: str, zh: str, en: str, *, help: tuple[str, str] = ("", "")) -> FormField:
    """One that changes when the vendor changes it."""
    return field(key, zh, en, help=help, kind="number", advanced=True)


def step(zh: str, en: str) -> SetupStep:
    return SetupStep(Words(zh, en))


CONNECTION = (
    field(
        "corp_id",
        "企业 ID",
        "CorpID",
        required=True,
        help=("管理后台, 我的企业, 最下方", "Console, My company, at the bottom"),
    ),
)
SECRETS = (
    field("corp_secret", "应用 Secret", "Application secret", secret=True, required=True),
    field("token", "回调 Token", "Callback Token", secret=True, required=True),
    field("aes_key", "回调 EncodingAESKey", "Callback EncodingAESKey", secret=True, required=True),
)
VENDOR = (
    field("base_url", "接口地址", "API address", advanced=True),
    figure("timeout", "超时(秒)", "Time-out in seconds"),
    figure(
        "signed_seconds",
        "回调最多可早多少秒",
        "How old a callback may be, in seconds",
        help=("0 表示不限, 重复的回调不会重复处理", "0: any age; what it brings is taken once anyway"),
    ),
    figure("media_days", "媒体保留天数", "Days media are kept"),
)
