"""An application of 企业微信 as an administrator fills it in."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from yizhan.channels.wechat.qyapi import QySecrets, QySettings


class WeComSettings(QySettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`agent_id` names the application. The vendor takes an equal message to the same member once within the interval
    it is told: `first_seconds` for a new one, since people do say the same twice, and `again_seconds`, the most it
    knows, for one that may have arrived. `recall_hours` is how long it takes messages back."""

    agent_id: Annotated[str, Meta(max_length=20, pattern=r"^[0-9]*$")] = ""
    first_seconds: Annotated[int, Meta(ge=1, le=14_400)] = 5
    again_seconds: Annotated[int, Meta(ge=60, le=14_400)] = 14_400
    recall_hours: Annotated[int, Meta(ge=0, le=24 * 7)] = 24


class WeComSecrets(QySecrets, frozen=True, kw_only=True):
    """As the application has them."""
