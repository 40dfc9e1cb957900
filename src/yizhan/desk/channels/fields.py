"""Fields that the forms of most channels end with."""

from __future__ import annotations

from yizhan.desk.channels.model import FormField, Words

BASE_URL = FormField(key="base_url", label=Words("接口地址", "Address of the API"), advanced=True)
TIMEOUT = FormField(key="timeout", label=Words("超时（秒）", "Time-out in seconds"), kind="number", advanced=True)
