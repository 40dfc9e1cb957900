"""An application of 企业微信 as an administrator fills it in."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from yizhan.channels.wechat.qyapi import QySecrets, QySettings


class WeComSettings(QySettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`agent_id` names the application. The vendor takes an equal message to the same member once within
    `duplicate_seconds`: that is how one that may have arrived is sent again, and why it is short. `recall_hours` is how
    long it takes messages back."""

    agent_id: Annotated[str, Meta(max_length=20, pattern=r"^[0-9]*$")] = ""
    duplicate_seconds: Annotated[int, Meta(ge=0, le=14_400)] = 60
    recall_hours: Annotated[int, Meta(ge=0, le=24 * 7)] = 24


class WeComSecrets(QySecrets, frozen=True, kw_only=True):
    """As the application has them."""
