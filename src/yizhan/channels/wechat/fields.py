"""What the forms of 公众号 and 小程序 end with."""

from __future__ import annotations

from yizhan.desk.channels import BASE_URL, TIMEOUT, FormField, Words

ADVANCED = (
    FormField(key="text_bytes", label=Words("文本字节上限", "Most bytes of a text"), kind="number", advanced=True),
    BASE_URL,
    TIMEOUT,
    FormField(key="plain", label=Words("允许明文模式（仅试用）", "Let unencrypted messages in (trials only)"),
              kind="switch", advanced=True),
)  # fmt: skip
